// Custom builtins: declared by the capabilities document, evaluated by the host.

package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/util"
)

// customBuiltin is a builtin that OPA doesn't have of its own.
type customBuiltin struct {
	builtin     *ast.Builtin
	declaration *rego.Function
	call        rego.BuiltinDyn
}

// hostCall and hostAnswer are what passes the border for one call.
type hostCall struct {
	Name string `json:"name"`
	Args []any  `json:"args"`
}

type hostAnswer struct {
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
}

func customBuiltins(c *ast.Capabilities) []customBuiltin {
	var custom []customBuiltin
	for _, b := range c.Builtins {
		if _, own := ast.BuiltinMap[b.Name]; own {
			continue
		}
		custom = append(custom, customBuiltin{
			builtin:     b,
			declaration: &rego.Function{Name: b.Name, Description: b.Description, Decl: b.Decl},
			call:        func(_ rego.BuiltinContext, terms []*ast.Term) (*ast.Term, error) { return callBuiltin(b, terms) },
		})
	}
	return custom
}

func testBuiltins(c *ast.Capabilities) []*tester.Builtin {
	var registered []*tester.Builtin
	for _, b := range customBuiltins(c) {
		registered = append(registered, &tester.Builtin{Decl: b.builtin, Func: rego.FunctionDyn(b.declaration, b.call)})
	}
	return registered
}

// callBuiltin asks the host. A builtin that the host lacks, or that throws there, stops the evaluation:
// compiled policies fail in the same place, and an undefined value would hide it.
func callBuiltin(b *ast.Builtin, terms []*ast.Term) (*ast.Term, error) {
	value, err := askHost(b, terms)
	if err != nil {
		return nil, rego.NewHaltError(fmt.Errorf("%s: %w", b.Name, err))
	}
	return ast.NewTerm(value), nil
}

func askHost(b *ast.Builtin, terms []*ast.Term) (ast.Value, error) {
	call := hostCall{Name: b.Name, Args: []any{}}
	for _, term := range terms[:b.Decl.Arity()] { // A last term may be the output.
		arg, err := ast.JSON(term.Value)
		if err != nil {
			return nil, err
		}
		call.Args = append(call.Args, arg)
	}
	text, err := json.Marshal(call)
	if err != nil {
		return nil, err
	}
	var answered hostAnswer
	if err := json.Unmarshal(callHost(text), &answered); err != nil {
		return nil, err
	}
	if answered.Error != "" {
		return nil, errors.New(answered.Error)
	}
	var value any
	if err := util.Unmarshal(answered.Value, &value); err != nil {
		return nil, err
	}
	return ast.InterfaceToValue(value)
}
