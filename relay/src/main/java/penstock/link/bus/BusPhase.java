package penstock.link.bus;

/** How far a link over a bus is. */
enum BusPhase {
    /** Nothing is read. */
    OFF,
    /** Snapshots are awaited. */
    JOINING,
    /** All snapshots have come, but not yet everything that they may be newer than. */
    POSITION,
    /** What comes is published. */
    LIVE
}
