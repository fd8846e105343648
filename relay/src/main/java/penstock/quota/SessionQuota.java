package penstock.quota;

/**
 * What one session takes of the accounts of its client: that of its name, and that of its address. Two sessions on two
 * io threads may ask at the same moment and then both get what is left for one: the limits hold but for one request of
 * each io thread. Owned by the session's io thread.
 */
public final class SessionQuota {
    /** Of a session whose client has no limit. */
    public static final SessionQuota NONE = new SessionQuota(Accounts.NONE);

    private final Accounts accounts;
    private final Account[] of;
    private int subscriptions;
    private int symbols;
    private boolean isClosed;

    private SessionQuota(final Accounts accounts, final Account... of) {
        this.accounts = accounts;
        this.of = of;
    }

    SessionQuota(final Accounts accounts, final Account ofName, final Account ofAddress) {
        this(accounts, ofName == null ? new Account[] {ofAddress}
            : ofAddress == null ? new Account[] {ofName} : new Account[] {ofName, ofAddress});
        for (final Account account : of) {
            account.sessions().incrementAndGet();
        }
    }

    /** Counts a request; null if it may go on. */
    public Excess onRequest() {
        for (final Account account : of) {
            final long waitMs = account.requestWaitMs(accounts.nowNs());
            if (waitMs > 0) {
                return accounts.refuse(Excess.ofRate(account.limits().key("requests-per-second"),
                    account.limits().requests(), waitMs));
            }
        }
        return null;
    }

    /** Whether the session may have one subscription more; null if it may. */
    public Excess onSubscription() {
        for (final Account account : of) {
            final int max = account.limits().subscriptions();
            if (max > 0 && account.subscriptions().get() >= max) {
                return accounts.refuse(Excess.ofHeld(account.limits().key("subscriptions"), max));
            }
        }
        return null;
    }

    /** Whether the session may have {@code all} symbols and patterns; null if it may, or if that is not more. */
    public Excess onSymbols(final int all) {
        for (final Account account : of) {
            final int max = account.limits().symbols();
            if (max > 0 && all > symbols && account.symbols().get() - symbols + all > max) {
                return accounts.refuse(Excess.ofHeld(account.limits().key("symbols"), max));
            }
        }
        return null;
    }

    /** What the session has now. */
    public void hold(final int subscriptionsNow, final int symbolsNow) {
        if (isClosed) {
            return;
        }
        for (final Account account : of) {
            account.subscriptions().addAndGet(subscriptionsNow - subscriptions);
            account.symbols().addAndGet(symbolsNow - symbols);
        }
        subscriptions = subscriptionsNow;
        symbols = symbolsNow;
    }

    /** Whether there is anything to count. */
    public boolean isCounted() {
        return of.length > 0;
    }

    /** The session has ended. */
    public void close() {
        if (!isClosed && isCounted()) {
            hold(0, 0);
            isClosed = true;
            for (final Account account : of) {
                account.sessions().decrementAndGet();
            }
        }
    }
}
