#pragma once
/*
 * host-request: what an audit judges: no call of anybody's, but the host itself.
 *
 * It goes the way of a request from its facts on, so that rules, exemptions and environments are those of requests.
 */
#include "docksill/engine/request.h"

/* All facts of an audit are off: whoever finds one sets its state and its value. */
void host_request_init(struct request *out);
