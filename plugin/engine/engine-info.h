#pragma once
/*
 * engine-info: bodies in which the engine tells of itself: GET /info, /version, /networks and /networks/bridge.
 *
 * moby api/types/system/info.go, api/types/types.go Version, api/types/network; GUIDANCE 3.3. Each reads
 * request->body into facts.daemon; flaws of the body go to the report. Return 1 when something was told, 0 when not, or
 * -ENOMEM.
 */
#include "docksill/engine/request.h"

must_check_ int engine_info_read(struct request *request, struct arena *arena, struct gojson_report *report);
must_check_ int engine_version_read(struct request *request, struct arena *arena, struct gojson_report *report);
must_check_ int engine_network_read(struct request *request, struct arena *arena, struct gojson_report *report);
must_check_ int engine_networks_read(struct request *request, struct arena *arena, struct gojson_report *report);
