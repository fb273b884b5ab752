package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/pkg/sysinfo"
	"github.com/docker/docker/runconfig"
)

type created struct {
	config  *container.Config
	host    *container.HostConfig
	network *network.NetworkingConfig
}

// decodeCreate runs the decoder of dockerd's create, on a machine that can do everything. dockerd itself survives a panic
// in a handler: that body is refused.
func decodeCreate(body []byte) (c created, err error) {
	decoder := runconfig.ContainerDecoder{GetSysInfo: func() *sysinfo.SysInfo {
		var info sysinfo.SysInfo

		info.CPURealtime = true
		return &info
	}}

	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("panic: %v", what)
		}
	}()
	c.config, c.host, c.network, err = decoder.DecodeConfig(bytes.NewReader(body))
	return
}

func createLine(body []byte) string {
	c, err := decodeCreate(body)
	if err != nil {
		// What runconfig refuses may have been decoded; then dockerd says no for a reason that is none of docksill's.
		if json.NewDecoder(bytes.NewReader(body)).Decode(&createRequest{}) == nil {
			return "refused\t" + oneLine(err.Error())
		}
		return "error\t" + oneLine(err.Error())
	}

	columns := []string{"read", "config=" + configOf(c), "host=" + hostOf(c), "network=" + networkOf(c)}
	return strings.Join(append(columns, facts(c)...), "\t")
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}

func configOf(c created) string {
	if c.config == nil {
		return "{}"
	}
	// The decoder itself makes an empty map of none.
	if len(c.config.Volumes) == 0 {
		c.config.Volumes = nil
	}
	return canonical(c.config)
}

func hostOf(c created) string {
	if c.host == nil {
		return "null"
	}
	return canonical(c.host)
}

func networkOf(c created) string {
	if c.network == nil {
		return "{}"
	}
	return canonical(c.network)
}
