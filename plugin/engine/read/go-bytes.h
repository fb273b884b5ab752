#pragma once
/*
 * go-bytes: Go's []byte, which is base64 in JSON.
 */
#include "docksill/base/arena.h"
#include "docksill/base/str.h"

/**
 * go_bytes_decode() - what a string of a body means as []byte
 * @out: in @arena; on success only
 *
 * Go passes over line ends and takes spare bits as they come; of the latter no client of ours makes use. False: it is
 * no such text, or there is no memory for it.
 */
must_check_ bool go_bytes_decode(struct arena *arena, struct str text, struct str *out);
