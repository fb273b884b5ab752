#pragma once
/*
 * asked: whether docksill is asked: a ping that only docksill refuses (serve/proof.h), through the engine or straight
 * to its socket.
 */
#include "docksill/base/text.h"
#include <jansson.h>

enum asked {
        ASKED_YES,   /* it has refused the word that was sent */
        ASKED_NO,    /* the engine has answered without it */
        ASKED_SILENT /* there was no answer, or none that tells */
};

struct asked_answer {
        enum asked asked;
        char why[256];   /* of ASKED_SILENT: for people */
        char plugin[64]; /* of ASKED_YES through the engine: what it calls docksill */
        json_t *proof;   /* of ASKED_YES: "docksill.proof/1"; asked_deinit() */
};

/* Through the engine that listens at @socket, for so many seconds at most. */
void asked_engine(struct asked_answer *out, const char *socket, unsigned seconds);

/* Straight, at the socket where dockerd finds docksill. */
void asked_plugin(struct asked_answer *out, const char *socket, unsigned seconds);

/* A text of the proof; "" where there is none. */
const char *asked_text(const struct asked_answer *a, const char *key);

void asked_deinit(struct asked_answer *a);
