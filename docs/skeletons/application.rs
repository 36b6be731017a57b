//! The application of the conformance kit in Rust, and a session to begin with.
//!
//! Part 1 is the application: keep it, and add the members that docs/conformance.md describes.
//! Part 2 is a small session over HTTP batches: replace it with yours. It keeps values as
//! expressions, so that a list is `[[…]]`. It uses serde_json (with `unbounded_depth` and
//! `preserve_order`) and tiny_http. Run `cargo run 8787`.
use serde_json::{json, Deserializer, Value};
use std::{cell::Cell, rc::Rc};
// Part 1: the application.
/// The outcome of an expression. `Err` is the expression of its failure.
type Outcome = Result<Item, Value>;
type Method = Rc<dyn Fn(&[Value]) -> Outcome>;

#[derive(Clone)]
enum Item {
    Data(Value),
    Method(Method),
    Target(Rc<dyn Target>),
}

/// Passed by reference: its methods and properties.
trait Target {
    fn member(&self, name: &str) -> Option<Outcome>;
}

fn data(value: Value) -> Outcome {
    Ok(Item::Data(value))
}
fn method(call: impl Fn(&[Value]) -> Outcome + 'static) -> Outcome {
    Ok(Item::Method(Rc::new(call)))
}
fn error(name: &str, text: String) -> Value {
    json!(["error", name, text])
}
fn target(target: impl Target + 'static) -> Outcome {
    Ok(Item::Target(Rc::new(target)))
}
fn number(args: &[Value], at: usize, missing: f64) -> f64 {
    args.get(at).and_then(Value::as_f64).unwrap_or(missing)
}

struct User(i64);
impl Target for User {
    fn member(&self, name: &str) -> Option<Outcome> {
        let id = self.0;
        Some(match name {
            "id" => data(json!(id)),
            "name" => data(json!(format!("user {id}"))),
            "profile" => data(json!({
                "city": {"name": format!("city {id}")}, "tags": [["a", "b"]], "nothing": null
            })),
            "greet" => method(move |args| {
                data(json!(format!("{}, user {id}", args[0].as_str().unwrap_or_default())))
            }),
            "friend" => method(move |_| target(User(id * 10))),
            "fail" => method(move |_| Err(error("RangeError", format!("no luck for {id}")))),
            "secret" => Err(error("TypeError", "it can't be reached".into())),
            _ => return None,
        })
    }
}

#[derive(Clone)]
struct Counter(Rc<Cell<f64>>);
impl Target for Counter {
    fn member(&self, name: &str) -> Option<Outcome> {
        let this = self.clone();
        Some(match name {
            "value" => data(json!(self.0.get())),
            "increment" => method(move |args| {
                this.0.set(this.0.get() + number(args, 0, 1.0));
                data(json!(this.0.get()))
            }),
            "self" => method(move |_| target(this.clone())),
            _ => return None,
        })
    }
}

fn failure(kind: &Value) -> Value {
    let (one, several) = (json!([[1]]), json!([[["error", "Error", "one"], 2]]));
    let with = |name, text, properties: Value| json!(["error", name, text, null, properties]);
    match kind.as_str().unwrap_or_default() {
        "plain" => json!(["error", "Error", "failed"]),
        "props" => with("TypeError", "with properties", json!({"code": "E", "list": one})),
        "cause" => with("Error", "outer", json!({"cause": ["error", "RangeError", "inner"]})),
        "aggregate" => with("AggregateError", "several", json!({"errors": several})),
        "custom" => json!(["error", "CustomError", "custom"]),
        "later" => json!(["error", "SyntaxError", "later"]),
        "string" => json!("just text"),
        "object" => json!({"code": 5, "nested": {"list": one}}),
        _ => json!(["undefined"]),
    }
}

struct Application;
impl Target for Application {
    fn member(&self, name: &str) -> Option<Outcome> {
        Some(match name {
            "echo" => method(|args| data(if let [it] = args { it.clone() } else { json!([args]) })),
            "add" => method(|args| data(json!(number(args, 0, 0.0) + number(args, 1, 0.0)))),
            "user" => method(|args| target(User(number(args, 0, 0.0) as i64))),
            "counter" => method(|args| target(Counter(Rc::new(Cell::new(number(args, 0, 0.0)))))),
            "fail" => method(|args| Err(failure(&args[0]))),
            _ => return None,
        })
    }
}

// Part 2: the session.
const HIDDEN: [&str; 13] = [
    "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toString", "valueOf",
    "toLocaleString", "toJSON", "__proto__", "__defineGetter__", "__defineSetter__",
    "__lookupGetter__", "__lookupSetter__",
];
/// The outcomes of the client's pushes. Id 0 is the main object.
struct Session(Vec<Outcome>);
impl Session {
    /// Returns the answer to a message, if it has one.
    fn receive(&mut self, message: &Value) -> Option<Value> {
        if message[0] == "push" {
            let outcome = self.evaluate(&message[1]);
            self.0.push(outcome);
        }
        if message[0] != "pull" {
            return None;
        }
        Some(match self.0.get(message[1].as_u64()? as usize)?.clone().and_then(value_of) {
            Ok(value) => json!(["resolve", message[1], value]),
            Err(failure) => json!(["reject", message[1], failure]),
        })
    }
    fn evaluate(&self, tree: &Value) -> Outcome {
        if let Some("import" | "pipeline") = tree[0].as_str() {
            return self.refer(tree);
        }
        let mut copy = tree.clone();
        match &mut copy {
            Value::Object(object) => {
                for each in object.values_mut() {
                    *each = self.evaluate(each).and_then(value_of)?;
                }
                object.retain(|key, _| !HIDDEN.contains(&key.as_str()));
            }
            Value::Array(list) => *list = self.all(list)?,
            _ => {}
        }
        data(copy)
    }
    fn all(&self, trees: &[Value]) -> Result<Vec<Value>, Value> {
        trees.iter().map(|tree| self.evaluate(tree).and_then(value_of)).collect()
    }
    fn refer(&self, tree: &Value) -> Outcome {
        let mut item = self.0[tree[1].as_u64().unwrap_or_default() as usize].clone()?;
        for key in tree[2].as_array().into_iter().flatten() {
            item = member(&item, key.as_str().unwrap_or(&key.to_string()))?;
        }
        match (tree[3].as_array(), item) {
            (None, item) => Ok(item),
            (Some(args), Item::Method(call)) => call(&self.all(args)?),
            _ => Err(error("TypeError", "it isn't a function".into())),
        }
    }
}

fn value_of(item: Item) -> Result<Value, Value> {
    match item {
        Item::Data(value) => Ok(value),
        _ => Err(error("TypeError", "it can't travel yet".into())),
    }
}

fn member(item: &Item, key: &str) -> Outcome {
    let undefined = json!(["undefined"]);
    let found = match item {
        Item::Target(target) => return target.member(key).unwrap_or(data(undefined)),
        Item::Data(value) if *value == undefined => {
            return Err(error("TypeError", format!("undefined has no {key}")));
        }
        Item::Data(Value::Object(object)) => object.get(key),
        Item::Data(Value::Array(list)) => key.parse::<usize>().ok().and_then(|at| list[0].get(at)),
        _ => None,
    };
    data(found.cloned().unwrap_or(undefined))
}

fn main() {
    let port = std::env::args().nth(1).expect("Say which port to serve at.");
    let server = tiny_http::Server::http(format!("127.0.0.1:{port}")).expect("can't serve");
    for mut request in server.incoming_requests() {
        let (mut body, mut session) = (String::new(), Session(vec![target(Application)]));
        request.as_reader().read_to_string(&mut body).expect("no text");
        let mut messages = Deserializer::from_str(&body);
        messages.disable_recursion_limit();
        let messages = messages.into_iter::<Value>().flatten();
        let answers = messages.filter_map(|message| session.receive(&message));
        let texts: Vec<String> = answers.map(|each| each.to_string()).collect();
        let _ = request.respond(tiny_http::Response::from_string(texts.join("\n")));
    }
}
