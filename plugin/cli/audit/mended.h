#pragma once
/*
 * mended: how a finding is mended there: a command, the flags of the next `docker run`, the compose key; of the host's
 * own files which one, and the line.
 */
#include "auditing.h"
#include "judgement.h"

/* Fills .fix, .fix_compose, .file and .line of @out. */
void mended_add(struct auditing *a, struct report_finding *out, const struct judgement *j, const struct finding *f);
