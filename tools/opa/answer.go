// Requests and answers: the only shapes that cross the border, and the table of verbs.

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/version"
)

// request is what every verb is asked with; each reads the members that concern it.
type request struct {
	Verb         string                     `json:"verb"`
	Modules      map[string]string          `json:"modules"`      // path → Rego
	Data         map[string]any             `json:"data"`         // the base document
	Schemas      map[string]json.RawMessage `json:"schemas"`      // "config.vault_agent" → JSON Schema
	Capabilities json.RawMessage            `json:"capabilities"` // absent: all of this OPA's own
	Strict       bool                       `json:"strict"`
	Entrypoints  []string                   `json:"entrypoints"`
	Coverage     bool                       `json:"coverage"`
	Run          string                     `json:"run"` // regular expression over test names
	Query        string                     `json:"query"`
	Input        json.RawMessage            `json:"input"`
	TimeoutMs    int                        `json:"timeoutMs"` // of an evaluation, or of each test
}

// answer is what every verb answers with. ok is false where problems, a failed test or a fault says why.
type answer struct {
	OK       bool              `json:"ok"`
	Problems []problem         `json:"problems,omitempty"` // the sources are at fault
	Fault    string            `json:"fault,omitempty"`    // the toolchain or the request is
	Files    map[string]string `json:"files,omitempty"`    // fmt: path → formatted text, where it differs
	Manifest json.RawMessage   `json:"manifest,omitempty"` // build
	Tests    []testResult      `json:"tests,omitempty"`
	Coverage *cover.Report     `json:"coverage,omitempty"`
	Output   any               `json:"output,omitempty"`
	wasm     []byte
}

type verb func(context.Context, *request) *answer

var verbs = map[string]verb{
	"check":        check,
	"fmt":          formatSources,
	"build":        build,
	"test":         test,
	"eval":         eval,
	"capabilities": capabilitiesOfOPA,
	"version":      versionOfOPA,
}

func answerTo(body []byte) (a *answer) {
	defer func() {
		if p := recover(); p != nil {
			a = &answer{Fault: fmt.Sprintf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return &answer{Fault: "request: " + err.Error()}
	}
	v, ok := verbs[r.Verb]
	if !ok {
		return &answer{Fault: fmt.Sprintf("unknown verb %q", r.Verb)}
	}
	return v(context.Background(), &r)
}

func capabilitiesOfOPA(context.Context, *request) *answer {
	return &answer{OK: true, Output: ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(ast.RegoV1))}
}

func versionOfOPA(context.Context, *request) *answer {
	return &answer{OK: true, Output: version.Version}
}
