// eval: one query over the modules, the data and an input.

package main

import (
	"context"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/util"
)

const defaultEvalLimit = 10 * time.Second

func eval(ctx context.Context, r *request) *answer {
	s, err := readSources(r)
	if err != nil {
		return failed(err)
	}
	c := s.compiler()
	if c.Compile(s.modules); c.Failed() {
		return failed(c.Errors)
	}
	options := []func(*rego.Rego){
		rego.Query(r.Query), rego.Compiler(c), rego.Store(newStore(r)), rego.SetRegoVersion(ast.RegoV1),
		rego.StrictBuiltinErrors(r.Strict),
	}
	for _, builtin := range customBuiltins(s.capabilities) {
		options = append(options, rego.FunctionDyn(builtin.declaration, builtin.call))
	}
	prepared, err := rego.New(options...).PrepareForEval(ctx)
	if err != nil {
		return failed(err)
	}
	evaluation := []rego.EvalOption{rego.EvalExternalCancel(newDeadline(limitOf(r, defaultEvalLimit)))}
	if len(r.Input) > 0 {
		var input any
		if err := util.Unmarshal(r.Input, &input); err != nil {
			return failed(err)
		}
		evaluation = append(evaluation, rego.EvalInput(input))
	}
	results, err := prepared.Eval(ctx, evaluation...)
	if err != nil {
		return failed(err)
	}
	values := make([][]any, 0, len(results))
	for _, result := range results {
		row := make([]any, 0, len(result.Expressions))
		for _, expression := range result.Expressions {
			row = append(row, expression.Value)
		}
		values = append(values, row)
	}
	return &answer{OK: true, Output: values}
}
