package penstock.oracle;

/** What every subscriber is promised, whatever fails. */
public enum Invariant {
    /** No value that the venue never sent. */
    I1,
    /** The updates of a topic only ever go forward: none older, none twice. */
    I2,
    /** Once all is quiet, the value of every subscribed topic is the newest one. */
    I3,
    /** Delivered and conflated updates are those that were offered, exactly. */
    I4,
    /** In mode {@code all} nothing is missing but what {@code gap} messages count. */
    I5,
    /** After a reconnect a snapshot precedes changes, and it is not older than what was received before. */
    I6,
    /** Once the venue is silent, every subscriber knows, and no old value is shown as live. */
    I7,
    /** Nothing comes that was not subscribed to, or that the client may not see. */
    I8,
    /** Of relays that share a lease one at most is connected to the venue, but for a process that stands still. */
    I9,
    /** The epoch of a relay never falls. */
    I10
}
