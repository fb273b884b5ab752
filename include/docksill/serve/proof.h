#pragma once
/*
 * proof: what answers the question whether dockerd asks docksill at all.
 *
 * A plugin can run and never be asked: its name stands in the wrong key of daemon.json, or a SIGHUP has dropped it, and
 * everything works as if it were there. So a ping with a word of the asker's choice, GET /_ping?docksill-proof=HEX, is
 * refused in every mode, with the word and what is in force as the reason. Nobody else sends such a call, and only who
 * is asked can refuse it. It is neither counted nor recorded, whatever rules and access say: it tells no more than a
 * refusal does.
 */
#include "docksill/engine/request.h"
#include "docksill/serve/generation.h"

/* Stands before the JSON in the refusal. */
#define PROOF_MARK "docksill-proof "

/* The word; p == NULL: it is no such call. */
struct str proof_word(const struct request *request);

/* "docksill-proof {…}", in one line: "schema": "docksill.proof/1". */
void proof_add(struct text *out, struct str word, const struct generation *g);
