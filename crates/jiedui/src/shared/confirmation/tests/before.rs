//! What entries and outputs allowed when each had its own rules: written down before they were one, never made again.

/// Thing and kind, state, seat, whether the pairing runs, how long it waits: what the caller could do.
pub const ALLOWED: &str = "
entry asked|claimed|claimant|running|fresh|correct withdraw
entry asked|claimed|claimant|running|overdue|correct withdraw
entry asked|claimed|claimant|late|fresh|
entry asked|claimed|claimant|late|overdue|
entry asked|claimed|answerer|running|fresh|answer
entry asked|claimed|answerer|running|overdue|answer
entry asked|claimed|answerer|late|fresh|
entry asked|claimed|answerer|late|overdue|
entry asked|claimed|bureau|running|fresh|
entry asked|claimed|bureau|running|overdue|adjudicate
entry asked|claimed|bureau|late|fresh|
entry asked|claimed|bureau|late|overdue|adjudicate
entry asked|claimed|stranger|running|fresh|
entry asked|claimed|stranger|running|overdue|
entry asked|claimed|stranger|late|fresh|
entry asked|claimed|stranger|late|overdue|
entry asked|confirmed|claimant|running|fresh|correct
entry asked|confirmed|claimant|running|overdue|correct
entry asked|confirmed|claimant|late|fresh|
entry asked|confirmed|claimant|late|overdue|
entry asked|confirmed|answerer|running|fresh|take_back
entry asked|confirmed|answerer|running|overdue|take_back
entry asked|confirmed|answerer|late|fresh|
entry asked|confirmed|answerer|late|overdue|
entry asked|confirmed|bureau|running|fresh|
entry asked|confirmed|bureau|running|overdue|
entry asked|confirmed|bureau|late|fresh|
entry asked|confirmed|bureau|late|overdue|
entry asked|confirmed|stranger|running|fresh|
entry asked|confirmed|stranger|running|overdue|
entry asked|confirmed|stranger|late|fresh|
entry asked|confirmed|stranger|late|overdue|
entry asked|part|claimant|running|fresh|correct accept withdraw
entry asked|part|claimant|running|overdue|correct accept withdraw
entry asked|part|claimant|late|fresh|
entry asked|part|claimant|late|overdue|
entry asked|part|answerer|running|fresh|take_back
entry asked|part|answerer|running|overdue|take_back
entry asked|part|answerer|late|fresh|
entry asked|part|answerer|late|overdue|
entry asked|part|bureau|running|fresh|
entry asked|part|bureau|running|overdue|
entry asked|part|bureau|late|fresh|
entry asked|part|bureau|late|overdue|
entry asked|part|stranger|running|fresh|
entry asked|part|stranger|running|overdue|
entry asked|part|stranger|late|fresh|
entry asked|part|stranger|late|overdue|
entry asked|disputed|claimant|running|fresh|correct withdraw
entry asked|disputed|claimant|running|overdue|correct withdraw
entry asked|disputed|claimant|late|fresh|
entry asked|disputed|claimant|late|overdue|
entry asked|disputed|answerer|running|fresh|take_back
entry asked|disputed|answerer|running|overdue|take_back
entry asked|disputed|answerer|late|fresh|
entry asked|disputed|answerer|late|overdue|
entry asked|disputed|bureau|running|fresh|
entry asked|disputed|bureau|running|overdue|
entry asked|disputed|bureau|late|fresh|
entry asked|disputed|bureau|late|overdue|
entry asked|disputed|stranger|running|fresh|
entry asked|disputed|stranger|running|overdue|
entry asked|disputed|stranger|late|fresh|
entry asked|disputed|stranger|late|overdue|
entry asked|withdrawn|claimant|running|fresh|
entry asked|withdrawn|claimant|running|overdue|
entry asked|withdrawn|claimant|late|fresh|
entry asked|withdrawn|claimant|late|overdue|
entry asked|withdrawn|answerer|running|fresh|
entry asked|withdrawn|answerer|running|overdue|
entry asked|withdrawn|answerer|late|fresh|
entry asked|withdrawn|answerer|late|overdue|
entry asked|withdrawn|bureau|running|fresh|
entry asked|withdrawn|bureau|running|overdue|
entry asked|withdrawn|bureau|late|fresh|
entry asked|withdrawn|bureau|late|overdue|
entry asked|withdrawn|stranger|running|fresh|
entry asked|withdrawn|stranger|running|overdue|
entry asked|withdrawn|stranger|late|fresh|
entry asked|withdrawn|stranger|late|overdue|
output asked stages|claimed|claimant|running|fresh|correct stage withdraw
output asked stages|claimed|claimant|running|overdue|correct stage withdraw
output asked stages|claimed|claimant|late|fresh|
output asked stages|claimed|claimant|late|overdue|
output asked stages|claimed|answerer|running|fresh|answer
output asked stages|claimed|answerer|running|overdue|answer
output asked stages|claimed|answerer|late|fresh|
output asked stages|claimed|answerer|late|overdue|
output asked stages|claimed|bureau|running|fresh|
output asked stages|claimed|bureau|running|overdue|adjudicate
output asked stages|claimed|bureau|late|fresh|
output asked stages|claimed|bureau|late|overdue|adjudicate
output asked stages|claimed|stranger|running|fresh|
output asked stages|claimed|stranger|running|overdue|
output asked stages|claimed|stranger|late|fresh|
output asked stages|claimed|stranger|late|overdue|
output asked stages|confirmed|claimant|running|fresh|correct stage
output asked stages|confirmed|claimant|running|overdue|correct stage
output asked stages|confirmed|claimant|late|fresh|
output asked stages|confirmed|claimant|late|overdue|
output asked stages|confirmed|answerer|running|fresh|take_back
output asked stages|confirmed|answerer|running|overdue|take_back
output asked stages|confirmed|answerer|late|fresh|
output asked stages|confirmed|answerer|late|overdue|
output asked stages|confirmed|bureau|running|fresh|
output asked stages|confirmed|bureau|running|overdue|
output asked stages|confirmed|bureau|late|fresh|
output asked stages|confirmed|bureau|late|overdue|
output asked stages|confirmed|stranger|running|fresh|
output asked stages|confirmed|stranger|running|overdue|
output asked stages|confirmed|stranger|late|fresh|
output asked stages|confirmed|stranger|late|overdue|
output asked stages|disputed|claimant|running|fresh|correct stage withdraw
output asked stages|disputed|claimant|running|overdue|correct stage withdraw
output asked stages|disputed|claimant|late|fresh|
output asked stages|disputed|claimant|late|overdue|
output asked stages|disputed|answerer|running|fresh|take_back
output asked stages|disputed|answerer|running|overdue|take_back
output asked stages|disputed|answerer|late|fresh|
output asked stages|disputed|answerer|late|overdue|
output asked stages|disputed|bureau|running|fresh|
output asked stages|disputed|bureau|running|overdue|
output asked stages|disputed|bureau|late|fresh|
output asked stages|disputed|bureau|late|overdue|
output asked stages|disputed|stranger|running|fresh|
output asked stages|disputed|stranger|running|overdue|
output asked stages|disputed|stranger|late|fresh|
output asked stages|disputed|stranger|late|overdue|
output asked stages|withdrawn|claimant|running|fresh|
output asked stages|withdrawn|claimant|running|overdue|
output asked stages|withdrawn|claimant|late|fresh|
output asked stages|withdrawn|claimant|late|overdue|
output asked stages|withdrawn|answerer|running|fresh|
output asked stages|withdrawn|answerer|running|overdue|
output asked stages|withdrawn|answerer|late|fresh|
output asked stages|withdrawn|answerer|late|overdue|
output asked stages|withdrawn|bureau|running|fresh|
output asked stages|withdrawn|bureau|running|overdue|
output asked stages|withdrawn|bureau|late|fresh|
output asked stages|withdrawn|bureau|late|overdue|
output asked stages|withdrawn|stranger|running|fresh|
output asked stages|withdrawn|stranger|running|overdue|
output asked stages|withdrawn|stranger|late|fresh|
output asked stages|withdrawn|stranger|late|overdue|
output asked|claimed|claimant|running|fresh|correct withdraw
output asked|claimed|claimant|running|overdue|correct withdraw
output asked|claimed|claimant|late|fresh|
output asked|claimed|claimant|late|overdue|
output asked|confirmed|claimant|running|fresh|correct
output asked|confirmed|claimant|running|overdue|correct
output asked|confirmed|claimant|late|fresh|
output asked|confirmed|claimant|late|overdue|
output asked|disputed|claimant|running|fresh|correct withdraw
output asked|disputed|claimant|running|overdue|correct withdraw
output asked|disputed|claimant|late|fresh|
output asked|disputed|claimant|late|overdue|
output asked|withdrawn|claimant|running|fresh|
output asked|withdrawn|claimant|running|overdue|
output asked|withdrawn|claimant|late|fresh|
output asked|withdrawn|claimant|late|overdue|
output unasked stages|confirmed|claimant|running|fresh|correct stage withdraw
output unasked stages|confirmed|claimant|running|overdue|correct stage withdraw
output unasked stages|confirmed|claimant|late|fresh|
output unasked stages|confirmed|claimant|late|overdue|
output unasked stages|confirmed|answerer|running|fresh|
output unasked stages|confirmed|answerer|running|overdue|
output unasked stages|confirmed|answerer|late|fresh|
output unasked stages|confirmed|answerer|late|overdue|
output unasked stages|confirmed|bureau|running|fresh|
output unasked stages|confirmed|bureau|running|overdue|
output unasked stages|confirmed|bureau|late|fresh|
output unasked stages|confirmed|bureau|late|overdue|
output unasked stages|confirmed|stranger|running|fresh|
output unasked stages|confirmed|stranger|running|overdue|
output unasked stages|confirmed|stranger|late|fresh|
output unasked stages|confirmed|stranger|late|overdue|
output unasked stages|withdrawn|claimant|running|fresh|
output unasked stages|withdrawn|claimant|running|overdue|
output unasked stages|withdrawn|claimant|late|fresh|
output unasked stages|withdrawn|claimant|late|overdue|
output unasked stages|withdrawn|answerer|running|fresh|
output unasked stages|withdrawn|answerer|running|overdue|
output unasked stages|withdrawn|answerer|late|fresh|
output unasked stages|withdrawn|answerer|late|overdue|
output unasked stages|withdrawn|bureau|running|fresh|
output unasked stages|withdrawn|bureau|running|overdue|
output unasked stages|withdrawn|bureau|late|fresh|
output unasked stages|withdrawn|bureau|late|overdue|
output unasked stages|withdrawn|stranger|running|fresh|
output unasked stages|withdrawn|stranger|running|overdue|
output unasked stages|withdrawn|stranger|late|fresh|
output unasked stages|withdrawn|stranger|late|overdue|
output unasked|confirmed|claimant|running|fresh|correct withdraw
output unasked|confirmed|claimant|running|overdue|correct withdraw
output unasked|confirmed|claimant|late|fresh|
output unasked|confirmed|claimant|late|overdue|
output unasked|withdrawn|claimant|running|fresh|
output unasked|withdrawn|claimant|running|overdue|
output unasked|withdrawn|claimant|late|fresh|
output unasked|withdrawn|claimant|late|overdue|
";

/// Thing and kind, action: from each state where it was possible, to which.
pub const NEXT: &str = "
entry asked|Confirm|claimed>confirmed
entry asked|Part|claimed>part
entry asked|Dispute|claimed>disputed
entry asked|TakeBack|confirmed>claimed part>claimed disputed>claimed
entry asked|Adjudicate(Confirm)|claimed>confirmed
entry asked|Adjudicate(Dispute)|claimed>disputed
entry asked|Correct(Counting)|claimed>claimed confirmed>claimed part>claimed disputed>claimed
entry asked|Correct(Words)|claimed>claimed confirmed>confirmed part>part disputed>disputed
entry asked|Accept|part>confirmed
entry asked|Advance(Counting)|
entry asked|Advance(Words)|
entry asked|Withdraw|claimed>withdrawn part>withdrawn disputed>withdrawn
output asked|Confirm|claimed>confirmed
output asked|Part|
output asked|Dispute|claimed>disputed
output asked|TakeBack|confirmed>claimed disputed>claimed
output asked|Adjudicate(Confirm)|claimed>confirmed
output asked|Adjudicate(Dispute)|claimed>disputed
output asked|Correct(Counting)|claimed>claimed confirmed>claimed disputed>claimed
output asked|Correct(Words)|claimed>claimed confirmed>confirmed disputed>disputed
output asked|Accept|
output asked|Advance(Counting)|claimed>claimed confirmed>claimed disputed>disputed
output asked|Advance(Words)|claimed>claimed confirmed>confirmed disputed>disputed
output asked|Withdraw|claimed>withdrawn disputed>withdrawn
output unasked|Correct(Counting)|confirmed>confirmed
output unasked|Correct(Words)|confirmed>confirmed
output unasked|Advance(Counting)|confirmed>confirmed
output unasked|Advance(Words)|confirmed>confirmed
output unasked|Withdraw|confirmed>withdrawn
";
