package penstock.usage.session;

import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessWatch;
import penstock.identity.Entitlement;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.usage.EntitlementJournal;
import penstock.usage.Licence;

/**
 * Records in the journal when clients get products and lose them: by the file of keys, by tokens, which end, and by the
 * service that takes products away. Any thread.
 */
final class EntitlementRecords implements AccessWatch {
    private static final String RIGHTS = "auth.rights";
    private static final String KEYS = "auth.keys-file";
    /** What the credential of a client begins with that a line of the file knows by its certificate. */
    private static final String CERTIFICATE = "certificate:";
    /** Clients that are remembered to see at once that nothing changed. */
    private static final int MAX_SEEN = 50_000;

    private record Seen(Principal principal, Entitlement entitlement) {
    }

    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<Licence, Long> ends = new HashMap<>();
    private final Map<String, Principal> keys = new HashMap<>();
    private final EntitlementJournal journal;
    private final AuthConfig auth;
    private final Products products;
    private final Clock clock;
    private boolean isStarted;

    EntitlementRecords(final EntitlementJournal journal, final AuthConfig auth, final Products products,
            final Clock clock) {
        this.journal = journal;
        this.auth = auth;
        this.products = products;
        this.clock = clock;
    }

    @Override
    public void onClient(final Principal principal, final Entitlement entitlement) {
        final Seen known = seen.get(principal.id());
        if (known == null || known.principal != principal || known.entitlement != entitlement) {
            record(principal, entitlement);
        }
    }

    @Override
    public synchronized void onKeys(final Collection<Principal> clients) {
        keys.clear();
        seen.clear();
        clients.forEach(client -> keys.put(credential(client), client));
        final long nowMs = clock.millis();
        final Set<Licence> granted = new HashSet<>();
        clients.forEach(client -> client.products().forEach(product -> granted.add(licence(client, product))));
        final String why = isStarted ? "the file was changed" : "the relay started";
        isStarted = true;
        for (final Licence licence : inOrder(journal.active())) {
            // of a former relay, also what tokens gave: a token is known when it is shown again
            if (!granted.contains(licence) && !ends.containsKey(licence)) {
                journal.deactivate(licence, by(), why, nowMs);
            }
        }
        if (auth.rights().url() == null) {
            inOrder(granted).forEach(licence -> journal.activate(licence, KEYS, why, nowMs));
        }
    }

    /** Tokens have expired. Called before the ledger is written. */
    synchronized void expire() {
        final long nowMs = clock.millis();
        ends.entrySet().removeIf(entry -> {
            final boolean isOver = entry.getValue() <= nowMs;
            if (isOver) {
                journal.deactivate(entry.getKey(), by(), "its last token expired", entry.getValue());
            }
            return isOver;
        });
    }

    private synchronized void record(final Principal principal, final Entitlement entitlement) {
        final Principal inFile = keys.get(credential(principal));
        final boolean isOfFile = auth.mode() == AuthConfig.Mode.KEYS || principal.credential().startsWith(CERTIFICATE);
        if (isOfFile && (inFile == null || !inFile.products().equals(principal.products()))) {
            // its line was changed or removed meanwhile
            return;
        }
        if (seen.size() >= MAX_SEEN) {
            seen.clear();
        }
        seen.put(principal.id(), new Seen(principal, entitlement));
        final long nowMs = clock.millis();
        for (final String product : new TreeSet<>(principal.products())) {
            final Licence licence = licence(principal, product);
            if (!entitlement.products().contains(product)) {
                ends.remove(licence);
                journal.deactivate(licence, RIGHTS, "the service took it away", nowMs);
                continue;
            }
            if (!isOfFile) {
                ends.merge(licence, principal.expiresAtMs(), Math::max);
            }
            if (auth.rights().url() == null) {
                journal.activate(licence, by(), "a token was shown", nowMs);
            } else {
                journal.activate(licence, RIGHTS, "the service left it", nowMs);
            }
        }
    }

    private static String credential(final Principal principal) {
        return principal.id() + '\n' + principal.credential();
    }

    private String by() {
        return switch (auth.mode()) {
            case NONE -> "auth.mode = none";
            case KEYS -> KEYS;
            case JWT -> auth.jwt().issuer();
        };
    }

    private Licence licence(final Principal principal, final String product) {
        return new Licence(principal.id(), product, products.isDisplay(principal, product));
    }

    private static Collection<Licence> inOrder(final Set<Licence> licences) {
        return licences.stream().sorted(Comparator.comparing(Licence::principal)
            .thenComparing(Licence::product).thenComparing(Licence::display)).toList();
    }
}
