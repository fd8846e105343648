package penstock.feed;

import penstock.feed.rules.Learn;
import penstock.feed.rules.Match;

/**
 * One rule of a venue file, compiled. It is for control, for data, or for each element of an array. Immutable but for what it reuses.
 *
 * @param number   in the order of the file, nested rules behind the one that they are in
 * @param learn    what the message teaches, null = nothing
 * @param control  what the message is, null = data
 * @param classify of a control message: what it asks for; the first that matches counts
 * @param each     its elements, null = it is one message
 * @param data     what it is made of, null = it is no data, or its elements are
 */
record Rule(int number, String name, Match match, Learn learn, ControlKind control, Classify[] classify, Each each, DataRule data) {
}
