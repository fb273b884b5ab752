#pragma once
/*
 * frameworks: what an audit says of the controls of standards and guides.
 */
#include "auditing.h"

/**
 * frameworks_ask() - read them into a->frameworks, and let @wanted choose which rules are asked
 * @wanted: an id; NULL: all rules are asked
 *
 * Says on stderr what is wrong. Returns an enum exit_code.
 */
must_check_ int frameworks_ask(struct auditing *a, const char *wanted, struct diag *diag, struct arena *arena);

/**
 * frameworks_tell() - into the report, once it is finished
 * @wanted: as above
 *
 * A control is what the worst of its checks is, over all subjects: pass, where some pass and others do not apply. One
 * that no rule tells is manual. One whose rules nothing was there for does not apply, if all was looked at; else nobody
 * knows. Returns 0 or -ENOMEM.
 */
must_check_ int frameworks_tell(struct auditing *a, const char *wanted);
