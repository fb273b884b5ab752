#pragma once
/*
 * control: how docksill is, for who watches it: HTTP on a Unix socket beside dockerd's.
 *
 *         GET /metrics   all that is counted, as Prometheus reads it
 *         GET /healthz   200: the process answers
 *         GET /readyz    200: a request of docksill's own is judged as it should be, and records are written; else 503,
 * with why GET /status    both for programs: "schema": "docksill.control-status/1"
 *
 * A thread of its own, with few connections and none that lasts: whoever asks here, however often or slowly, takes
 * nothing from those who decide but what /readyz asks of them once a second at most. Nothing can be changed here.
 */
#include "control-view.h"
#include "docksill/serve/listen.h"

struct control;

/* @listener, and what @view names: borrowed until control_free(). Returns 0, -ENOMEM, or -EIO when libmicrohttpd can't
 * start. */
must_check_ int control_new(struct control **out, const struct listener *listener, const struct control_view *view);

/* Waits for the answer under way, which waits for nobody after vital_end(). NULL does nothing. */
void control_free(struct control *c);
