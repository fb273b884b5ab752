#pragma once
/*
 * stand-in-answer: what an engine would say to a request, made up.
 *
 * Whatever a client wants has worked: images are there, containers can be entered, what was created can be found.
 * Networks and volumes are there once they were created, so that a client that looks first creates them; one that needs
 * an older one fails, and can be tried again with that one there. Nothing is done, and nobody is asked: what an
 * existing container or service is like, nobody here knows.
 */
#include "stand-in-object.h"

/* The newest API that docksill knows (test/engine/README.md); clients ask for it or for an older one. */
#define STAND_IN_API "1.56"

/* @out: its body is initialised by the caller; @out->body.failed when there was no memory. */
void stand_in_answer(struct stand_in_answer *out, struct stand_in_state *s, const struct stand_in_question *q);
