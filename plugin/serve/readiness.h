#pragma once
/*
 * readiness: whether docksill does what it is there for, else why not.
 */
#include "control-view.h"

/* Says whether; else the reason is added to @why, a sentence. In the thread of control. */
must_check_ bool readiness_look(const struct control_view *view, struct text *why);
