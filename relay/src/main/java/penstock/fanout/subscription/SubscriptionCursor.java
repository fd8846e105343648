package penstock.fanout.subscription;

import penstock.topic.JournalEntries;

/**
 * Where a subscription is in the changes of its topics: positions up to which all was sent, images that are pending,
 * and the places at which the next search goes on. Positions grow, except for a client that resumes. Owned by the
 * shard's io thread.
 */
public final class SubscriptionCursor {
    /** A change count far in the past; forces a scan of the subscription's own topics. */
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private long position;
    private long journalAddress;
    /** The entries of the journal before {@link #journalAddress} are those up to this position. */
    private long journalPosition;
    private long lastGap = JournalEntries.NONE;
    private long seenChanges;
    private long searchedPosition;
    private final PendingSnapshots snapshots = new PendingSnapshots();
    private int imageScan;
    private int updateScan;
    /** A link was not sent everything, and is sent topics in turn. */
    private boolean isInTurn;
    private long turnP;
    private boolean areImagesAhead;
    private boolean mayLackValues;
    private boolean isFinished;

    /** Everything up to this position, this end of the journal and this count of changes counts as sent. */
    SubscriptionCursor(final long position, final long journalHead, final long changes) {
        this.position = position;
        journalAddress = journalHead;
        journalPosition = position;
        seenChanges = changes;
        searchedPosition = position;
    }

    /** Everything of the topics up to this position was sent. */
    public long position() {
        return position;
    }

    /** Mode all: the entries of the journal before this address were sent. */
    public long journalAddress() {
        return journalAddress;
    }

    /** Mode all: the entries of the journal up to this position were sent, or were not to be sent. */
    public long journalPosition() {
        return journalPosition;
    }

    /** The entry of the journal before which the last gap was reported, or {@link JournalEntries#NONE}. */
    public long lastGap() {
        return lastGap;
    }

    /** The channel's count of changes when the position was set: bounds how many topics changed since. */
    public long seenChanges() {
        return seenChanges;
    }

    /**
     * With a rate limit: the position of the last search for changed topics. A topic that the next search finds for the
     * first time has waited since then.
     */
    public long searchedPosition() {
        return searchedPosition;
    }

    /** The slot at which the search for pending images goes on. */
    public int imageScan() {
        return imageScan;
    }

    /** The slot at which the search for changed topics begins: behind the last one that was sent. */
    public int updateScan() {
        return updateScan;
    }

    /** Whether a snapshot is pending, even an empty one: a client waits for {@code last}. */
    public boolean areImagesPending() {
        return snapshots.size() > 0;
    }

    /** The pending snapshots. */
    public PendingSnapshots snapshots() {
        return snapshots;
    }

    /**
     * Whether a link is behind: its topics take turns, so that a busy one keeps no other waiting, and none is kept
     * waiting by others.
     */
    public boolean isInTurn() {
        return isInTurn;
    }

    /** The position up to which a link will have everything when each of its topics has had its turn. */
    public long turnPosition() {
        return turnP;
    }

    /**
     * Mode all: images were sent that are newer than what was sent of the journal, or images of an earlier mode are
     * pending. Until the subscription has caught up no position describes it.
     */
    public boolean areImagesAhead() {
        return areImagesAhead;
    }

    /** Mode all: a gap counts as sent what the client does not have. */
    public boolean mayLackValues() {
        return mayLackValues;
    }

    /** Mode all: the client was sent a gap, or resumes and may have been sent one before. */
    public void onGap() {
        mayLackValues = true;
    }

    /** Images without a request are pending. */
    public void requestReplacement() {
        snapshots.addReplacement(imageScan > 0);
        imageScan = 0;
    }

    /** A request is to be answered with a snapshot. */
    public void request(final PendingSnapshots.Snapshot snapshot) {
        snapshots.add(snapshot);
        imageScan = 0;
    }

    /** No image of the first snapshot is in the slots before this one. */
    public void onImagesSearched(final int nextScan) {
        imageScan = nextScan;
    }

    /** Slots moved: the search for images begins again. */
    public void restartImageScan() {
        imageScan = 0;
        updateScan = 0;
    }

    /** A link was not sent all that was pending: from the next write on its topics take turns. */
    public void onBehind() {
        updateScan = isInTurn ? updateScan : 0;
        isInTurn = true;
    }

    /** The socket took a frame with the first topics of a turn, which began when position {@code p} was here. */
    public void onTurn(final long p) {
        turnP = p;
    }

    /** Mode all: the client has everything up to {@code p} and nothing behind it. */
    public void resumeAt(final long p) {
        position = Math.min(position, p);
    }

    /** Mode all: a topic goes on behind position {@code p}, at this address of the journal, if that is earlier. */
    void rewindJournal(final long address, final long p) {
        journalAddress = Math.min(journalAddress, address);
        journalPosition = Math.min(journalPosition, p);
    }

    /** The mode changed: the journal is read from here on, and the own topics are searched for what is behind. */
    void onModeChanged(final long journalHead, final long p) {
        journalAddress = journalHead;
        journalPosition = p;
        lastGap = JournalEntries.NONE;
        mayLackValues = false;
        seenChanges = LONG_AGO;
        searchedPosition = position;
        // entries may go in front of images that a client which resumes waits for: its position is from before those
        areImagesAhead = snapshots.isAnyResumed();
    }

    /** A rate limit begins: topics wait from here on. */
    void onRateLimited() {
        searchedPosition = position;
    }

    /** Changed topics were searched for at this position. */
    public void onSearched(final long p) {
        searchedPosition = p;
    }

    /** Nothing but images is pending, and images are as new as the table. */
    public void skipTo(final long p, final long changes) {
        position = p;
        seenChanges = changes;
    }

    /** Mode all: the journal has nothing for the subscription before this address. */
    public void skipJournalTo(final long address, final long p) {
        journalAddress = address;
        journalPosition = p;
    }

    /** Mode all: images go out before the journal has caught up. */
    public void onImagesAhead() {
        areImagesAhead = true;
    }

    /** The socket took a frame that says to have reached {@code p}. */
    public void onReached(final long p) {
        position = p;
    }

    /** The socket took a frame of images; the search goes on at {@code nextScan}. */
    public void onImagesSent(final int nextScan, final boolean isLast) {
        imageScan = nextScan;
        if (isLast) {
            snapshots.onSent();
        }
    }

    /** The socket took a frame of journal entries up to {@code address}, which is position {@code p}. */
    public void onJournalSent(final long address, final long p, final long gap) {
        assert address >= journalAddress : "the journal is read forwards";
        journalAddress = address;
        journalPosition = p;
        lastGap = gap;
    }

    /** The socket took a frame of updates; the search goes on at {@code nextScan}. */
    public void onUpdatesSent(final int nextScan) {
        updateScan = nextScan;
    }

    /** A subscription of mode once was sent all of its images. */
    public void onFinished() {
        assert !areImagesPending() : "a subscription of mode once finishes with its last image";
        isFinished = true;
    }

    /** Whether the subscription is over because it was of mode once. */
    public boolean isFinished() {
        return isFinished;
    }

    /** All that was pending at position {@code p} was sent. */
    public void onCaughtUp(final long p, final long changes) {
        snapshots.clear();
        areImagesAhead = false;
        updateScan = 0;
        isInTurn = false;
        skipTo(p, changes);
    }
}
