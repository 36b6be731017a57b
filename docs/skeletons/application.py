"""The application of the conformance kit in Python, and a session to begin with.

Part 1 is the application: keep it, and add the members that docs/conformance.md describes. Part 2
is a small session over HTTP batches: replace it with yours. Run `python3 application.py 8787`.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# The features of the scenarios that it passes; for --features.
FEATURES = """values,errors,pipelining,undefined,special-numbers,bigints,small-bigints,dates,
invalid-dates,bytes,typed-arrays,urls,lone-surrogates,list-holes,aggregate-errors,
error-properties,thrown-values"""

# Part 1: the application.


class Tagged:
    """A value that this language lacks, as its expression: undefined, a date, bytes, a URL."""

    def __init__(self, expression):
        self.expression = expression


UNDEFINED = Tagged(["undefined"])


class Failure(Exception):
    """An error, as a value or thrown."""

    def __init__(self, name, message, **properties):
        self.name, self.message, self.properties = name, message, properties


class Thrown(Exception):
    """A failure that isn't an error. Its only argument is the value."""


class Target:  # Passed by reference. The public members of its class can be reached.
    pass


class User(Target):
    def __init__(self, id):
        self._id, self.secret = id, "an instance property can't be reached"

    id = property(lambda self: self._id)
    name = property(lambda self: f"user {self._id}")
    profile = property(lambda self: {
        "city": {"name": f"city {self._id}"}, "tags": ["a", "b"], "nothing": None})

    def greet(self, greeting):
        return f"{greeting}, user {self._id}"

    def friend(self):
        return User(self._id * 10)

    def fail(self):
        raise Failure("RangeError", f"no luck for {self._id}")


class Counter(Target):
    def __init__(self, start):
        self._value = start

    value = property(lambda self: self._value)

    def increment(self, by=1):
        self._value += by
        return self._value

    def self(self):
        return self


FAILURES = {
    "plain": Failure("Error", "failed"),
    "props": Failure("TypeError", "with properties", code="E", list=[1]),
    "cause": Failure("Error", "outer", cause=Failure("RangeError", "inner")),
    "aggregate": Failure("AggregateError", "several", errors=[Failure("Error", "one"), 2]),
    "custom": Failure("CustomError", "custom"),
    "later": Failure("SyntaxError", "later"),
    "string": Thrown("just text"),
    "undefined": Thrown(UNDEFINED),
    "object": Thrown({"code": 5, "nested": {"list": [1]}}),
}


class Application(Target):
    def echo(self, *values):
        return values[0] if len(values) == 1 else list(values)

    def add(self, a, b):
        return a + b

    def user(self, id):
        return User(id)

    def counter(self, start=0):
        return Counter(start)

    def fail(self, kind):
        raise FAILURES[kind]


# Part 2: the session.

HIDDEN = {"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toString",
          "toLocaleString", "valueOf", "toJSON", "__proto__",
          *(f"__{verb}{kind}__" for verb in ("define", "lookup") for kind in ("Getter", "Setter"))}


class Session:
    def __init__(self, main):
        self.main, self.results, self.pushed = main, {}, 0

    def receive(self, message):
        """Returns the answer to a message, or None."""
        tag, operand = message[:2]
        if tag == "push":
            self.pushed += 1
            self.results[self.pushed] = self.outcome(lambda: self.evaluate(operand))
        elif tag == "pull":
            tag, value = self.results[operand]
            _, expression = self.outcome(lambda: self.encode(value))
            if isinstance(expression, Exception):  # The value can't travel.
                tag, expression = "reject", self.encode(expression)
            return [tag, operand, expression]

    def outcome(self, run):
        try:
            return "resolve", run()
        except Exception as error:
            is_ours = isinstance(error, (Failure, Thrown))
            return "reject", error if is_ours else Failure("TypeError", str(error))

    def evaluate(self, tree):
        if isinstance(tree, dict):
            values = {key: self.evaluate(each) for key, each in tree.items()}
            return {key: each for key, each in values.items() if key not in HIDDEN}
        if not isinstance(tree, list):
            return tree
        tag, *operands = tree
        if isinstance(tag, list):
            return [self.evaluate(each) for each in tag]
        if tag == "error":
            properties = operands[3] if len(operands) > 3 else {}
            return Failure(operands[0], operands[1], **self.evaluate(properties))
        if tag in ("import", "pipeline"):
            return self.refer(*operands)
        return UNDEFINED if tree == UNDEFINED.expression else Tagged(tree)

    def refer(self, id, path=(), arguments=None):
        tag, value = ("resolve", self.main) if id == 0 else self.results[id]
        if tag == "reject":
            raise value
        for key in path:
            value = self.member(value, key)
        return value if arguments is None else value(*map(self.evaluate, arguments))

    def member(self, value, key):
        if isinstance(value, dict) and key not in HIDDEN:
            return value.get(key, UNDEFINED)
        if isinstance(value, list) and str(key).isdigit() and int(key) < len(value):
            return value[int(key)]
        if value is UNDEFINED or isinstance(value, Target) and key in vars(value):
            raise Failure("TypeError", f"{key} can't be reached")
        if isinstance(value, Target) and hasattr(type(value), key) and key[0] != "_":
            return getattr(value, key)
        return UNDEFINED

    def encode(self, value):
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, dict):
            return {key: self.encode(each) for key, each in value.items()}
        if isinstance(value, list):
            return [[self.encode(each) for each in value]]
        if isinstance(value, (Tagged, Thrown)):
            return value.expression if isinstance(value, Tagged) else self.encode(value.args[0])
        if isinstance(value, Failure):
            properties = self.encode(value.properties)
            return ["error", value.name, value.message, *([None, properties] if properties else [])]
        raise Failure("TypeError", f"{type(value).__name__} can't travel")


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        session, body = Session(Application()), self.rfile.read(int(self.headers["content-length"]))
        answers = [session.receive(json.loads(message)) for message in body.decode().split("\n")]
        text = "\n".join(json.dumps(each) for each in answers if each is not None).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
