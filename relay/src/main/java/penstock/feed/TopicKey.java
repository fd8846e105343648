package penstock.feed;

/** A topic by its names. */
record TopicKey(int channel, String symbol) {
}
