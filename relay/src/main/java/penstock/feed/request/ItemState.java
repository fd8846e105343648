package penstock.feed.request;

/**
 * Actual and desired subscription state of one item. At most one request for it is in flight;
 * {@link RepeatedRequests} are over before the next one.
 *
 * <pre>
 *            subscribe                  accepted
 *   NONE ─────────────► SUBSCRIBING ─────────────► ACTIVE
 *    ▲  ◄── cancelled ──┘         │                 │  ▲ cancelled
 *    │                            └► REJECTED       ▼  │
 *    └───────────────────────────────────────── UNSUBSCRIBING
 * </pre>
 *
 * <p>Owned by the feed thread.
 */
final class ItemState {
    private Phase phase = Phase.NONE;
    private VenueRequest request;
    private boolean isDesired;
    private boolean isToRestart;

    /** What the venue knows of the item. */
    enum Phase { NONE, SUBSCRIBING, ACTIVE, UNSUBSCRIBING, REJECTED }

    /** The next step from the actual to the desired state. */
    enum Step { NOTHING, SUBSCRIBE, UNSUBSCRIBE, CANCEL, REMOVE }

    Phase phase() {
        return phase;
    }

    /** The request in flight, null if there is none. */
    VenueRequest request() {
        return request;
    }

    boolean isDesired() {
        return isDesired;
    }

    /** The venue counts the item against its limit. */
    boolean usesRoom() {
        return phase == Phase.SUBSCRIBING || phase == Phase.ACTIVE || phase == Phase.UNSUBSCRIBING;
    }

    void desire(final boolean desired) {
        isDesired = desired;
    }

    /** Unsubscribe, then subscribe; not needed if the item is about to be subscribed to. */
    void restart() {
        isToRestart |= isDesired && (phase == Phase.ACTIVE || phase == Phase.SUBSCRIBING && request.isSent());
    }

    /** It is unknown whether the venue accepted the item: only after an unsubscribe a new subscribe means something. */
    void doubt() {
        isToRestart = true;
    }

    void enter(final Phase next, final VenueRequest byRequest) {
        phase = next;
        request = byRequest;
        isToRestart &= next == Phase.ACTIVE || next == Phase.UNSUBSCRIBING;
    }

    Step next(final boolean canUnsubscribe) {
        return switch (phase) {
            case NONE -> isDesired ? Step.SUBSCRIBE : Step.REMOVE;
            case ACTIVE -> (!isDesired || isToRestart) && canUnsubscribe ? Step.UNSUBSCRIBE : Step.NOTHING;
            case REJECTED -> isDesired ? Step.NOTHING : Step.REMOVE;
            case SUBSCRIBING -> !isDesired && !request.isSent() ? Step.CANCEL : Step.NOTHING;
            case UNSUBSCRIBING -> isDesired && !isToRestart && !request.isSent() ? Step.CANCEL : Step.NOTHING;
        };
    }
}
