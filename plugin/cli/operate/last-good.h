#pragma once
/*
 * last-good: settings, rules and exemptions as they were last in force, for a start that finds bad ones.
 *
 * dockerd does not start without a plugin that it names, so a typo and a reboot would keep it from starting. What is
 * put in force is therefore kept in one file, STATE/last-good: the files that were read, byte for byte, the digest of
 * the rules, and a digest of all that. Flags are not kept: those of the start hold.
 */
#include "frame/setup.h"

/**
 * last_good_keep() - keep what @setup has read
 *
 * Writes only where something differs. Without the folder nothing is kept, unless somebody named it (`state:`, or
 * systemd by $STATE_DIRECTORY): then it is made. Says on stderr when it fails; that is no reason not to serve.
 */
void last_good_keep(const struct setup *setup);

/**
 * last_good_load() - what was kept instead of what could not be read
 * @setup: as setup_load() left it; replaced on success
 *
 * Says on stderr which it is, or why there is none. Returns EXIT_FINE or EXIT_INVALID.
 */
must_check_ int last_good_load(struct setup *setup);
