// The application of the conformance kit in Go, and a session to begin with.
//
// Part 1 is the application: keep it, and add the members that docs/conformance.md describes.
// Part 2 is a small session over HTTP batches: replace it with yours. It keeps values as
// expressions, so that a list is {{…}}. Run `go run application.go 8787`.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// Part 1: the application.

type (
	List = []any
	// Object is a plain object, or a target: its methods, getters and values by name.
	Object = map[string]any
	Method = func(args List) any
	Getter func() any
	// Failure is the outcome of a call that fails, as an expression.
	Failure struct{ expression any }
)

var undefined, none = List{"undefined"}, Object{}

func failure(name, message string, properties Object) List {
	return List{"error", name, message, nil, properties}
}

func user(id float64) Object {
	city := Object{"name": fmt.Sprint("city ", id)}
	unlucky := failure("RangeError", fmt.Sprint("no luck for ", id), none)
	return Object{
		"id":      id,
		"name":    fmt.Sprint("user ", id),
		"profile": Object{"city": city, "tags": List{List{"a", "b"}}, "nothing": nil},
		"greet":   func(args List) any { return fmt.Sprint(args[0], ", user ", id) },
		"friend":  func(List) any { return user(id * 10) },
		"fail":    func(List) any { panic(Failure{unlucky}) },
		"secret":  Getter(func() any { panic("an instance property can't be reached") }),
	}
}

func counter(value float64) Object {
	self := Object{"value": Getter(func() any { return value })}
	self["self"] = func(List) any { return self }
	self["increment"] = func(args List) any {
		value += append(args, 1.0)[0].(float64)
		return value
	}
	return self
}

var several = List{failure("Error", "one", none), 2}
var failures = map[any]any{
	"plain":     failure("Error", "failed", none),
	"props":     failure("TypeError", "with properties", Object{"code": "E", "list": List{List{1}}}),
	"cause":     failure("Error", "outer", Object{"cause": failure("RangeError", "inner", none)}),
	"aggregate": failure("AggregateError", "several", Object{"errors": List{several}}),
	"custom":    failure("CustomError", "custom", none),
	"later":     failure("SyntaxError", "later", none),
	"string":    "just text",
	"undefined": undefined,
	"object":    Object{"code": 5, "nested": Object{"list": List{List{1}}}},
}

var application = Object{
	"echo": func(args List) any {
		if len(args) == 1 {
			return args[0]
		}
		return List{args}
	},
	"add":     func(args List) any { return args[0].(float64) + args[1].(float64) },
	"user":    func(args List) any { return user(args[0].(float64)) },
	"counter": func(args List) any { return counter(append(args, 0.0)[0].(float64)) },
	"fail":    func(args List) any { panic(Failure{failures[args[0]]}) },
}

// Part 2: the session.

const hidden = " constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toString valueOf " +
	"toLocaleString toJSON __proto__ __defineGetter__ __defineSetter__ __lookupGetter__ " +
	"__lookupSetter__ "

// Session has the outcomes of the client's pushes. Id 0 is the main object.
type Session []any

// Receive returns the answer to a message, or nil.
func (s *Session) Receive(message List) any {
	switch message[0] {
	case "push":
		*s = append(*s, s.attempt(message[1]))
	case "pull":
		result := (*s)[int(message[1].(float64))]
		if failed, ok := result.(Failure); ok {
			return List{"reject", message[1], failed.expression}
		}
		return List{"resolve", message[1], result}
	}
	return nil
}

// attempt evaluates an expression. It returns a failure if that panics.
func (s *Session) attempt(tree any) (result any) {
	defer func() {
		if reason := recover(); reason != nil {
			result = reason
			if _, isFailure := reason.(Failure); !isFailure {
				result = Failure{failure("TypeError", fmt.Sprint(reason), none)}
			}
		}
	}()
	return s.evaluate(tree)
}

func (s *Session) evaluate(tree any) any {
	switch tree := tree.(type) {
	case Object:
		values := Object{}
		for key, each := range tree {
			if value := s.evaluate(each); !strings.Contains(hidden, " "+key+" ") {
				values[key] = value
			}
		}
		return values
	case List:
		if len(tree) > 1 && (tree[0] == "import" || tree[0] == "pipeline") {
			return s.refer(tree[1], tree[2:])
		}
		return s.all(tree)
	}
	return tree
}

func (s *Session) all(trees List) List {
	values := List{}
	for _, tree := range trees {
		values = append(values, s.evaluate(tree))
	}
	return values
}

// refer finds a result, a property of it if there is a path, and calls it if there are arguments.
func (s *Session) refer(id any, operands List) any {
	value := (*s)[int(id.(float64))]
	if failed, ok := value.(Failure); ok {
		panic(failed)
	}
	if len(operands) > 0 {
		for _, key := range operands[0].(List) {
			value = member(value, fmt.Sprint(key))
		}
	}
	if len(operands) > 1 {
		value = value.(Method)(s.all(operands[1].(List)))
	}
	return value
}

func member(value any, key string) any {
	switch value := value.(type) {
	case Object:
		if getter, ok := value[key].(Getter); ok {
			return getter()
		}
		if found, ok := value[key]; ok {
			return found
		}
	case List:
		if value[0] == undefined[0] {
			panic("undefined has no " + key)
		}
		elements, isList := value[0].(List)
		if at, err := strconv.Atoi(key); isList && err == nil && at < len(elements) {
			return elements[at]
		}
	}
	return undefined
}

func serve(response http.ResponseWriter, request *http.Request) {
	session, answers, decoder := Session{application}, []string{}, json.NewDecoder(request.Body)
	for message := List(nil); decoder.Decode(&message) == nil; message = nil {
		if answer := session.Receive(message); answer != nil {
			text, _ := json.Marshal(answer)
			answers = append(answers, string(text))
		}
	}
	fmt.Fprint(response, strings.Join(answers, "\n"))
}

func main() {
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], http.HandlerFunc(serve)))
}
