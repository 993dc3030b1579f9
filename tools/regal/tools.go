//go:build tools

// Package tools pins regal, the Rego linter: scripts/regal.ts builds it into a cache outside of the tree.
package tools

import _ "github.com/open-policy-agent/regal"
