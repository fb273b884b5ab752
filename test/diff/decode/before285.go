//go:build !since285

package main

import (
	"github.com/docker/docker/profiles/seccomp"
	"github.com/docker/docker/runconfig"
)

// What engines from 28.5 on have elsewhere: since285.go.
type (
	createRequest = runconfig.ContainerConfigWrapper
	seccompConfig = seccomp.Seccomp
)
