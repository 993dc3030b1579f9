// Sources: the request's texts as OPA's modules, schemas, capabilities and store.

package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/util"
)

// sources is what every compiling verb starts from.
type sources struct {
	names        []string // sorted, so that nothing downstream depends on a map's order
	modules      map[string]*ast.Module
	capabilities *ast.Capabilities
	schemas      *ast.SchemaSet
}

func readSources(r *request) (*sources, error) {
	s := &sources{names: util.KeysSorted(r.Modules), modules: make(map[string]*ast.Module, len(r.Modules))}
	var err error
	if s.capabilities, err = readCapabilities(r); err != nil {
		return nil, err
	}
	if s.schemas, err = readSchemas(r); err != nil {
		return nil, err
	}
	var found ast.Errors
	for _, name := range s.names {
		m, err := ast.ParseModuleWithOpts(name, r.Modules[name], s.parserOptions())
		if errs, ok := err.(ast.Errors); ok {
			found = append(found, errs...)
		} else if err != nil {
			return nil, err
		} else if m == nil {
			found = append(found, ast.NewError(ast.ParseErr, &ast.Location{File: name, Row: 1, Col: 1}, "the file is empty"))
		}
		s.modules[name] = m
	}
	if len(found) > 0 {
		return nil, found
	}
	return s, nil
}

func (s *sources) parserOptions() ast.ParserOptions {
	return ast.ParserOptions{RegoVersion: ast.RegoV1, ProcessAnnotation: true, Capabilities: s.capabilities}
}

// compiler returns a compiler with this request's capabilities and schemas.
func (s *sources) compiler() *ast.Compiler {
	return ast.NewCompiler().SetErrorLimit(0).WithDefaultRegoVersion(ast.RegoV1).
		WithCapabilities(s.capabilities).WithSchemas(s.schemas).WithUseTypeCheckAnnotations(true).
		WithEnablePrintStatements(true)
}

func readCapabilities(r *request) (*ast.Capabilities, error) {
	if len(r.Capabilities) == 0 {
		return ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(ast.RegoV1)), nil
	}
	c, err := ast.LoadCapabilitiesJSON(bytes.NewReader(r.Capabilities))
	if err != nil {
		return nil, fmt.Errorf("capabilities: %w", err)
	}
	return c, nil
}

// readSchemas keeps "a.b" as `schema.a.b`.
func readSchemas(r *request) (*ast.SchemaSet, error) {
	set := ast.NewSchemaSet()
	for _, name := range util.KeysSorted(r.Schemas) {
		var schema any
		if err := util.Unmarshal(r.Schemas[name], &schema); err != nil {
			return nil, fmt.Errorf("schema.%s: %w", name, err)
		}
		key := ast.Ref{ast.SchemaRootDocument}
		for _, part := range strings.Split(name, ".") {
			key = append(key, ast.StringTerm(part))
		}
		set.Put(key, schema)
	}
	return set, nil
}

func newStore(r *request) storage.Store {
	data := r.Data
	if data == nil {
		data = map[string]any{}
	}
	return inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false))
}
