#pragma once
/*
 * commit: POST /commit: an image made of a container.
 *
 * Its body is a Config as create's, its query holds Dockerfile instructions (moby builder/dockerfile BuildFromConfig);
 * neither says how the container itself runs, so container.* is not filled.
 */
#include "reading.h"

/* Reads target and body, which may be missing, into the facts. */
void commit_decode(struct reading *in);

/*
 * Reads ?changes=, the Dockerfile instructions that a commit or an import gives its image: commit.*, and what they hold
 * of variables and texts.
 */
void changes_read(struct reading *in);
