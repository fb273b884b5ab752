#pragma once
/*
 * report-control: which findings are a control's. One rule may serve many controls of a standard, each file's owner by
 * a number of its own; a control's places tell its findings from theirs.
 */
#include "report.h"

/**
 * control_owns() - whether a finding of one of a control's checks is this control's
 * @message: set to the instance's that makes it so; NULL: it is not asked for
 *
 * It is if what the finding names (an instance's message, its field, its file) holds one of the control's places as a
 * whole; a place that ends in "/" is all that lies below. What no control's places hold is of those that have none, and
 * where all have some, of all of them: nothing is lost. So is what could not be told, and what was counted alone.
 */
bool control_owns(const struct report_framework *framework, const struct report_control *control,
                  const struct report_finding *finding, const struct str **message);

/**
 * control_state() - how a control ended, by what is its own
 * @fails: set to how many of its findings fail; NULL: it is not asked for
 *
 * The worst of its findings counts; with none, what passes of its checks, unless some of its rules were never asked
 * (control->partly), and else what control->state says.
 */
enum report_state control_state(const struct report *r, const struct report_framework *framework,
                                const struct report_control *control, size_t *fails);
