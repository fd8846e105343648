package penstock.quota;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import penstock.telemetry.Telemetry;

/**
 * The accounts of all clients, by their names and by their addresses. An account that is not in use is forgotten when
 * there is no room for another; clients beyond that share one. Any thread.
 */
public final class Accounts {
    /** Of a relay without quotas. */
    public static final Accounts NONE = new Accounts(QuotaLimits.NONE, QuotaLimits.NONE, System::nanoTime);

    static final int MAX = 65_536;
    private static final long LOOK_EVERY_NS = 1_000_000_000L;

    private volatile QuotaLimits ofName;
    private volatile QuotaLimits ofAddress;
    private final LongSupplier clockNs;
    private final long startNs;
    private final Map<String, Account> names = new ConcurrentHashMap<>();
    private final Map<String, Account> addresses = new ConcurrentHashMap<>();
    private final Account otherNames;
    private final Account otherAddresses;
    private final AtomicLong lookedNs = new AtomicLong(-LOOK_EVERY_NS);
    private final AtomicLong refused = new AtomicLong();

    /** {@code clockNs} is monotonic. */
    public Accounts(final QuotaLimits ofName, final QuotaLimits ofAddress, final LongSupplier clockNs) {
        this.ofName = ofName;
        this.ofAddress = ofAddress;
        this.clockNs = clockNs;
        startNs = clockNs.getAsLong();
        otherNames = new Account(ofName);
        otherAddresses = new Account(ofAddress);
    }

    /**
     * Other limits count from now on: of an address at once, of a client by its name from its next handshake on. A
     * session that began without any limit has none.
     */
    public void follow(final QuotaLimits nextOfName, final QuotaLimits nextOfAddress) {
        ofName = nextOfName;
        ofAddress = nextOfAddress;
        addresses.values().forEach(account -> account.limits(nextOfAddress));
        otherNames.limits(nextOfName);
        otherAddresses.limits(nextOfAddress);
    }

    /** Registers the gauge of clients, and the count of refusals. */
    public void register(final Telemetry telemetry) {
        telemetry.gauge("penstock_quota_accounts", "Clients and addresses whose use is counted for a quota.",
            () -> names.size() + addresses.size());
        telemetry.count("penstock_quota_refused_total", "Handshakes and requests beyond a quota of their client.",
            refused::get);
    }

    /**
     * A session begins; {@link SessionQuota#close} ends its use.
     *
     * @param name    of the client; null if the relay does not know it
     * @param own     what is said of that client: less than 0 = as for all; null = nothing
     * @param address of the client, of IPv6 its network
     */
    public SessionQuota open(final String name, final QuotaLimits own, final String address) {
        final Account ofClient = name == null ? null : account(name, own);
        final Account ofPlace =
            ofAddress.isNone() ? null : account(addresses, address, ofAddress, otherAddresses);
        return ofClient == null && ofPlace == null ? SessionQuota.NONE : new SessionQuota(this, ofClient, ofPlace);
    }

    /** Counts a handshake of a client that is known; null if it may go on. */
    public Excess onHandshake(final String name, final QuotaLimits own) {
        final Account account = account(name, own);
        final long waitMs = account == null ? 0 : account.handshakeWaitMs(nowNs());
        return waitMs == 0 ? null : refuse(Excess.ofRate(ofName.key("handshakes-per-second"),
            account.limits().handshakes(), waitMs));
    }

    /** Takes work of a client that is known; null if it may be done. */
    public Excess onWork(final String name, final QuotaLimits own, final double units) {
        final Account account = units == 0 ? null : account(name, own);
        final long waitMs = account == null ? 0 : account.workWaitMs(units, nowNs());
        return waitMs == 0 ? null : refuse(Excess.ofRate(ofName.key("work-per-second"), account.limits().work(),
            waitMs));
    }

    /** Accounts that are kept. */
    int size() {
        return names.size() + addresses.size();
    }

    long nowNs() {
        return clockNs.getAsLong() - startNs;
    }

    Excess refuse(final Excess excess) {
        refused.incrementAndGet();
        return excess;
    }

    /** Of a client by its name, with the limits that it has by now; null if it has none. */
    private Account account(final String name, final QuotaLimits own) {
        final QuotaLimits limits = own == null ? ofName : own.orElse(ofName);
        if (limits.isNone()) {
            return null;
        }
        final Account account = account(names, name, limits, otherNames);
        if (account != otherNames) {
            account.limits(limits);
        }
        return account;
    }

    private Account account(final Map<String, Account> accounts, final String key, final QuotaLimits limits,
            final Account others) {
        final Account known = accounts.get(key);
        if (known != null) {
            return known;
        }
        if (accounts.size() >= MAX) {
            forgetIdle(accounts);
        }
        return accounts.size() < MAX ? accounts.computeIfAbsent(key, created -> new Account(limits)) : others;
    }

    private void forgetIdle(final Map<String, Account> accounts) {
        final long now = nowNs();
        final long last = lookedNs.get();
        if (now - last >= LOOK_EVERY_NS && lookedNs.compareAndSet(last, now)) {
            accounts.values().removeIf(account -> account.isIdle(now));
        }
    }
}
