#pragma once
/*
 * log-template: the Go template that a log's tag is.
 *
 * dockerd runs it when the container starts (moby daemon/logger/loggerutils). It can read no file, but with pad, a
 * range or a template that calls itself it takes all of dockerd's memory or time.
 */
#include "docksill/base/str.h"

/* Text, and fields alone: "{{.Name}}", "{{ .ID }}", "{{index .ContainerLabels \"x\"}}", a word such as upper before a
 * field. */
bool log_template_plain(struct str text);
