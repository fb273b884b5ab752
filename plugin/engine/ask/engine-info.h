#pragma once
/*
 * engine-info: bodies in which the engine tells of itself: GET /info, /version, /networks and /networks/bridge.
 *
 * moby api/types/system/info.go, api/types/types.go Version, api/types/network; GUIDANCE 3.3. Each reads
 * the body into facts.daemon; flaws of the body become the request's. True: something was told.
 */
#include "read/reading.h"

must_check_ bool engine_info_read(struct reading *in);
must_check_ bool engine_version_read(struct reading *in);
must_check_ bool engine_network_read(struct reading *in);
must_check_ bool engine_networks_read(struct reading *in);
