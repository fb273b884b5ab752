#pragma once
/*
 * swarm-data: secrets and configs, which a swarm keeps and mounts into services.
 *
 * moby api/types/swarm secret.go, config.go. A secret is not looked into. A config is handed out to
 * whoever asks, so what it holds is a text in which no credential may stand.
 */
#include "reading.h"

/* Of a creation and of an update alike. Each fills swarm.data.*. */
void secret_decode(struct reading *in);
void config_decode(struct reading *in);
