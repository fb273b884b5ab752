#pragma once
/*
 * exec: a command in a running container: POST /containers/{name}/exec and POST /exec/{id}/start.
 *
 * moby api/types ExecConfig and ExecStartCheck; PROTOCOL 5.1. The start body only says how to attach; what runs, and as
 * whom, is settled at create.
 */
#include "reading.h"

/* Each reads the body into the facts. */
void exec_create_decode(struct reading *in);
void exec_start_decode(struct reading *in);
