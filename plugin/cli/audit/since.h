#pragma once
/*
 * since: since when a container has had what is found in it, as decision records tell.
 *
 * Records are read once, a line at a time, whatever their number; what is kept is a time for each finding of the
 * report.
 */
#include "auditing.h"
#include "docksill/cli/invocation.h"

/**
 * since_tell() - fill .since of findings in containers; once the report is finished
 * @in: its --records, else those of the configuration, where there are any and the host is this one
 *
 * A container is known by its name. The time is that of the first allowed create with this finding after which none
 * was without: a container that is made anew the same way keeps it. What can't be read is a gap. Returns 0 or -ENOMEM.
 */
must_check_ int since_tell(struct auditing *a, const struct invocation *in);
