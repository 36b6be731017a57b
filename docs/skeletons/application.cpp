// The application of the conformance kit in C++20, and a session to begin with.
//
// Part 1 is the application: keep it, and add the members that docs/conformance.md describes.
// Part 2 is a small session over HTTP batches: replace it with yours. It keeps values as
// expressions, so that a list is [[…]]. It uses nlohmann/json and cpp-httplib:
//
//     g++ -std=c++20 application.cpp -o application -lcpp-httplib && ./application 8787
#include <httplib.h>

#include <functional>
#include <memory>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using Json = nlohmann::ordered_json;

// Part 1: the application.

// The outcome of a call that fails, as an expression.
struct Failure { Json expression; };

struct Target;

using Arguments = const std::vector<Json>&;

// A value, a method, or a target. The members of a target are read when they are asked for.
struct Value {
  Json json;
  std::function<Value(Arguments)> method;
  std::shared_ptr<Target> target;
};

struct Target : std::map<std::string, std::function<Value()>> {};

const Json UNDEFINED = {"undefined"};
Json failure(const std::string& name, const std::string& text, Json properties = Json::object()) {
  return {"error", name, text, nullptr, properties};
}

Value plain(Json json) { return {std::move(json), nullptr, nullptr}; }
std::function<Value()> method(std::function<Value(Arguments)> call) {
  return [call] { return Value{UNDEFINED, call, nullptr}; };
}

double number(Arguments args, size_t at, double missing = 0) {
  return at < args.size() ? args[at].get<double>() : missing;
}

Value user(int id) {
  const auto number = std::to_string(id);
  auto target = std::make_shared<Target>();
  Json profile = {{"city", {{"name", "city " + number}}}, {"nothing", nullptr}};
  profile["tags"] = Json::array({Json::array({"a", "b"})});
  *target = {{
      {"id", [=] { return plain(id); }},
      {"name", [=] { return plain("user " + number); }},
      {"profile", [=] { return plain(profile); }},
      {"greet", method([=](Arguments args) {
         return plain(args.at(0).get<std::string>() + ", user " + number);
       })},
      {"friend", method([=](Arguments) { return user(id * 10); })},
      {"fail", method([=](Arguments) -> Value {
         throw Failure{failure("RangeError", "no luck for " + number)};
       })},
      {"secret", []() -> Value { throw Failure{failure("TypeError", "it can't be reached")}; }},
  }};
  return {UNDEFINED, nullptr, target};
}

Value counter(double start) {
  auto value = std::make_shared<double>(start);
  auto target = std::make_shared<Target>();
  *target = {{
      {"value", [=] { return plain(*value); }},
      {"increment", method([=](Arguments args) { return plain(*value += number(args, 0, 1)); })},
      {"self", method([weak = std::weak_ptr(target)](Arguments) {
         return Value{UNDEFINED, nullptr, weak.lock()};
       })},
  }};
  return {UNDEFINED, nullptr, target};
}

Json failureOf(const std::string& kind) {
  const Json one = Json::array({Json::array({1})});
  const Json errors = Json::array({Json::array({failure("Error", "one"), 2})});
  if (kind == "plain") return failure("Error", "failed");
  const Json properties = {{"code", "E"}, {"list", one}};
  const Json cause = {{"cause", failure("RangeError", "inner")}};
  if (kind == "props") return failure("TypeError", "with properties", properties);
  if (kind == "cause") return failure("Error", "outer", cause);
  if (kind == "aggregate") return failure("AggregateError", "several", {{"errors", errors}});
  if (kind == "custom") return failure("CustomError", "custom");
  if (kind == "later") return failure("SyntaxError", "later");
  if (kind == "string") return "just text";
  if (kind == "object") return {{"code", 5}, {"nested", {{"list", one}}}};
  return UNDEFINED;
}

Value application() {
  auto target = std::make_shared<Target>();
  *target = {{
      {"echo", method([](Arguments args) {
         return plain(args.size() == 1 ? args[0] : Json::array({Json(args)}));
       })},
      {"add", method([](Arguments args) { return plain(number(args, 0) + number(args, 1)); })},
      {"user", method([](Arguments args) { return user(args.at(0).get<int>()); })},
      {"counter", method([](Arguments args) { return counter(number(args, 0)); })},
      {"fail", method([](Arguments args) -> Value { throw Failure{failureOf(args.at(0))}; })},
  }};
  return {UNDEFINED, nullptr, target};
}

// Part 2: the session.

const std::vector<std::string> HIDDEN = {
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toString", "valueOf",
    "toLocaleString", "toJSON", "__proto__", "__defineGetter__", "__defineSetter__",
    "__lookupGetter__", "__lookupSetter__"};

class Session {
 public:
  // Returns the answer to a message, or null.
  Json receive(const Json& message) {
    if (message.at(0) == "push") results.push_back(attempt(message.at(1)));
    if (message.at(0) != "pull") return nullptr;
    const auto& [value, failed] = results.at(message.at(1).get<size_t>());
    if (failed) return {"reject", message.at(1), *failed};
    return {"resolve", message.at(1), value.json};
  }

 private:
  struct Outcome { Value value; std::optional<Json> failed; };

  // The outcomes of the client's pushes. Id 0 is the main object.
  std::vector<Outcome> results = {{application(), std::nullopt}};

  Outcome attempt(const Json& tree) {
    try {
      return {evaluate(tree), std::nullopt};
    } catch (const Failure& failed) {
      return {plain(nullptr), failed.expression};
    } catch (const std::exception& error) {
      return {plain(nullptr), failure("TypeError", error.what())};
    }
  }

  Value evaluate(const Json& tree) {
    const Json tag = tree.is_array() && tree.size() > 1 ? tree[0] : nullptr;
    if (tag == "import" || tag == "pipeline") return refer(tree);
    if (!tree.is_structured()) return plain(tree);
    Json values = tree;
    for (auto& [key, each] : values.items()) each = evaluate(each).json;
    if (values.is_object()) for (const auto& key : HIDDEN) values.erase(key);
    return plain(values);
  }

  // Finds a result, a property of it if there is a path, and calls it if there are arguments.
  Value refer(const Json& tree) {
    auto [value, failed] = results.at(tree[1].get<size_t>());
    if (failed) throw Failure{*failed};
    for (const auto& key : tree.size() > 2 ? tree[2] : Json::array())
      value = member(value, key.is_string() ? key.get<std::string>() : key.dump());
    if (tree.size() <= 3) return value;
    std::vector<Json> args;
    for (const auto& each : tree[3]) args.push_back(evaluate(each).json);
    return value.method(args);
  }

  static Value member(const Value& value, const std::string& key) {
    const Json& json = value.json;
    if (value.target) {
      const auto found = value.target->find(key);
      return found == value.target->end() ? plain(UNDEFINED) : found->second();
    }
    if (json == UNDEFINED) throw Failure{failure("TypeError", "undefined has no " + key)};
    if (json.is_object()) return plain(json.value(key, UNDEFINED));
    const bool is_index = key.find_first_not_of("0123456789") == key.npos && !key.empty();
    if (!is_index || !json.is_array() || !json[0].is_array()) return plain(UNDEFINED);
    return plain(std::stoul(key) < json[0].size() ? json[0][std::stoul(key)] : UNDEFINED);
  }
};

int main(int, char** arguments) {
  httplib::Server server;
  server.Post("/", [](const httplib::Request& request, httplib::Response& response) {
    Session session;
    std::istringstream lines(request.body);
    std::string answers;
    for (std::string line; std::getline(lines, line);) {
      const Json answer = session.receive(Json::parse(line));
      if (!answer.is_null()) answers += (answers.empty() ? "" : "\n") + answer.dump();
    }
    response.set_content(answers, "text/plain");
  });
  server.listen("127.0.0.1", std::stoi(arguments[1]));
}
