// Problems: whatever OPA says about a source, as values with a place.

package main

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// problem is one thing wrong with a source. Lines and columns count from 1; 0 is unknown.
type problem struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	File    string   `json:"file,omitempty"`
	Line    int      `json:"line,omitempty"`
	Column  int      `json:"column,omitempty"`
	Details []string `json:"details,omitempty"`
}

// problems unfolds an error into everything that it says.
func problems(err error) []problem {
	var several ast.Errors
	if errors.As(err, &several) {
		found := make([]problem, 0, len(several))
		for _, e := range several {
			found = append(found, compileProblem(e))
		}
		return found
	}
	var one *ast.Error
	if errors.As(err, &one) {
		return []problem{compileProblem(one)}
	}
	var evaluation *topdown.Error
	if errors.As(err, &evaluation) {
		return []problem{located(problem{Code: evaluation.Code, Message: evaluation.Message}, evaluation.Location)}
	}
	return []problem{{Code: "opa_error", Message: err.Error()}}
}

func compileProblem(e *ast.Error) problem {
	p := located(problem{Code: e.Code, Message: e.Message}, e.Location)
	if e.Details != nil {
		p.Details = e.Details.Lines()
	}
	return p
}

func located(p problem, at *ast.Location) problem {
	if at != nil {
		p.File, p.Line, p.Column = at.File, at.Row, at.Col
	}
	return p
}

// failed is the answer for sources that are at fault.
func failed(err error) *answer { return &answer{Problems: problems(err)} }
