package penstock.feed.request;

/**
 * How one item stands with the venue, and how it should. At most one message about it is under way.
 * Owned by the feed thread.
 */
final class ItemState {
    private Phase phase = Phase.NONE;
    private VenueRequest request;
    private boolean isWanted;
    private boolean isRenewed;

    /** What the venue knows of it. */
    enum Phase { NONE, ASKING, TAKEN, LEAVING, REFUSED }

    /** What must be done now for it to stand as it should. */
    enum Step { NOTHING, ASK, LEAVE, WITHDRAW, FORGET }

    Phase phase() {
        return phase;
    }

    /** The message that is under way, null if none is. */
    VenueRequest request() {
        return request;
    }

    boolean isWanted() {
        return isWanted;
    }

    /** The venue counts it. */
    boolean takesRoom() {
        return phase == Phase.ASKING || phase == Phase.TAKEN || phase == Phase.LEAVING;
    }

    void want(final boolean wanted) {
        isWanted = wanted;
    }

    /** Once more from the beginning; needless where that is under way already. */
    void renew() {
        isRenewed = isWanted && (phase == Phase.TAKEN || phase == Phase.ASKING && request.isSent());
    }

    /** Nobody knows whether the venue took it; only once it was told to drop it, asking again means something. */
    void doubt() {
        isRenewed = true;
    }

    void enter(final Phase next, final VenueRequest byRequest) {
        phase = next;
        request = byRequest;
        isRenewed &= next == Phase.TAKEN || next == Phase.LEAVING;
    }

    Step next(final boolean canLeave) {
        return switch (phase) {
            case NONE -> isWanted ? Step.ASK : Step.FORGET;
            case TAKEN -> (!isWanted || isRenewed) && canLeave ? Step.LEAVE : Step.NOTHING;
            case REFUSED -> isWanted ? Step.NOTHING : Step.FORGET;
            case ASKING -> !isWanted && !request.isSent() ? Step.WITHDRAW : Step.NOTHING;
            case LEAVING -> isWanted && !isRenewed && !request.isSent() ? Step.WITHDRAW : Step.NOTHING;
        };
    }
}
