package penstock.feed;

import penstock.feed.rules.Expression;
import penstock.feed.rules.Match;
import penstock.feed.rules.TimeUnit;

/**
 * One rule of a venue file, compiled. Immutable.
 *
 * @param control  what the message is, null = data; what follows is for data
 * @param channel  its number
 * @param keys     where the symbol is found; the first that is there counts
 * @param time     where the feed's time is found, null = it gives none
 * @param emitSlot the slot of the bytes that go out as the value
 */
record Rule(String name, Match match, ControlKind control, int channel, Expression[] keys, Expression time, TimeUnit unit, int emitSlot) {
}
