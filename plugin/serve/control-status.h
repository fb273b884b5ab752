#pragma once
/*
 * control-status: what /status says: "schema": "docksill.control-status/1".
 */
#include "control-view.h"

/* One line of JSON. @unready: why it is not ready; empty: it is */
void control_status_add(struct text *out, const struct control_view *view, struct str unready);
