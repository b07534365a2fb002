//go:build tools

// Package engine names the command whose modules go.mod and go.sum pin.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
