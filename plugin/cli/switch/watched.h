#pragma once
/*
 * watched: what docksill says of itself at its control socket (serve/control.h), for commands.
 */
#include "docksill/base/text.h"
#include <jansson.h>

/* What /status says: "docksill.control-status/1"; json_decref() it. NULL: nobody answers, or not so; @why says why, for
 * people. */
must_check_ json_t *watched_status(const char *control, struct text *why);

/* What /metrics says is added to @out, but for what any process tells of itself under the same names (process_…):
 * node_exporter has those of its own, and refuses them twice. Says whether somebody answered. */
must_check_ bool watched_metrics(const char *control, struct text *out);
