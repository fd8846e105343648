package penstock.ring;

/** Stub. */
public enum TopicState { LIVE, STALE, CLOSED }
