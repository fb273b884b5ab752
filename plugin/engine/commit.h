#pragma once
/*
 * commit: POST /commit: an image made of a container.
 *
 * Its body is a Config as create's, its query holds Dockerfile instructions (moby builder/dockerfile BuildFromConfig);
 * neither says how the container itself runs, so container.* is not filled.
 */
#include "docksill/engine/request.h"

/* Reads target and body, which may be missing, into the facts. */
void commit_decode(struct request *request, struct arena *arena);

/*
 * Reads ?changes=, the Dockerfile instructions that a commit or an import gives its image: commit.*, and what they hold
 * of variables and texts.
 */
void changes_read(struct request *request, struct arena *arena);
