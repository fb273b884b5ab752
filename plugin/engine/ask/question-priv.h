#pragma once
/*
 * question-priv: what of a question's name stands, and whether it can stand, in the path by which the engine is
 * asked; question_target() writes it.
 */
#include "docksill/engine/question.h"

/* Its name as the path has it: a container's without the slash that may stand before it. */
struct str question_name(const struct question *q);
bool question_can_be_asked(const struct question *q);
