package penstock.identity.key;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.config.ConfigException;
import penstock.config.ConfigSection;
import penstock.config.HoconReader;
import penstock.config.Problem;
import penstock.config.Problems;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.text.Suggestion;

/**
 * Reads a file of keys: {@code keys = [{ id = desk-7, hash = "sha256:…", products = [fx], sessions = 3 }]}, or with
 * {@code certificate = "NAME"} instead of the hash or beside it. Never shows what stands in place of a hash: it may be
 * a key. Stateless.
 */
final class KeyFileReader {
    private static final int MAX_SESSIONS = 1_000_000;
    private static final int MAX_QUOTA = 1_000_000_000;
    private static final Pattern HASH = Pattern.compile("sha256:([0-9A-Fa-f]{64})");

    private final Path file;
    private final Products products;
    private final int sessions;
    private final boolean takesKeys;

    /** {@code sessions} applies to lines that name no limit; without {@code takesKeys} all name certificates alone. */
    KeyFileReader(final Path file, final Products products, final int sessions, final boolean takesKeys) {
        this.takesKeys = takesKeys;
        this.file = file;
        this.products = products;
        this.sessions = sessions;
    }

    /** Throws {@link ConfigException} with every mistake, its line and a remedy. */
    KeyTable read() {
        if (!Files.exists(file)) {
            throw new ConfigException(List.of(new Problem(file.toString(), "", "no such file; looked for "
                + file.toAbsolutePath().normalize()
                + "; auth.keys-file names it, and relay key new prints its lines")));
        }
        final Problems problems = new Problems();
        final ConfigSection root = new ConfigSection(new HoconReader(name -> null, problems).file(file), "", problems);
        if (problems.isEmpty() && !root.has("keys")) {
            root.problem("keys", "is missing; write keys = [] to accept no key at all");
        }
        final Map<String, Principal> byHash = new HashMap<>();
        final Map<String, Principal> byCertificate = new HashMap<>();
        final Set<String> ids = new HashSet<>();
        for (final ConfigSection section : root.sections("keys")) {
            final Principal principal = principal(section);
            if (principal != null) {
                if (!ids.add(principal.id())) {
                    section.problem("id", "is the id of another line, too; give each line an id of its own");
                }
                addHash(section, principal, byHash);
                addCertificate(section, principal, byCertificate);
            }
        }
        try {
            problems.throwIfAny();
        } catch (final ConfigException mistakes) {
            throw new ConfigException(mistakes.problems().stream().map(KeyFileReader::masked).toList());
        }
        return new KeyTable(byHash, byCertificate);
    }

    private static Problem masked(final Problem problem) {
        return new Problem(problem.place(), ClientKey.masked(problem.path()), ClientKey.masked(problem.message()));
    }

    private static void addHash(final ConfigSection section, final Principal principal,
            final Map<String, Principal> byHash) {
        final String hash = hash(section);
        if (hash != null && byHash.putIfAbsent(hash, principal.with(KeyTable.credential(hash))) != null) {
            section.problem("hash", "is the hash of another key, too; make a key for each client with relay key new");
        }
    }

    private static void addCertificate(final ConfigSection section, final Principal principal,
            final Map<String, Principal> byCertificate) {
        final String name = section.text("certificate", null);
        if (name != null && byCertificate.putIfAbsent(name,
                principal.with(KeyTable.credentialOfCertificate(name))) != null) {
            section.problem("certificate", "is the name of another line, too; one certificate is one client");
        }
    }

    /** Null if the key is unusable, with the problem. */
    private Principal principal(final ConfigSection section) {
        final String id = section.requiredText("id");
        final String problem = Principal.problemOfId(id);
        if (problem != null && section.has("id")) {
            section.problem("id", problem + "; use a short name like desk-7");
        }
        final boolean isShown = checkHash(section) & checkCertificate(section);
        final Set<String> granted = granted(section);
        final int limit = section.integer("sessions", sessions, 0, MAX_SESSIONS);
        final AuthConfig.OnExcess onExcess = section.has("on-excess")
            ? section.choice("on-excess", AuthConfig.OnExcess.DENY_NEW, AuthConfig.OnExcess.class) : null;
        final Boolean isDisplay = section.has("display") ? Boolean.valueOf(section.flag("display", true)) : null;
        return problem != null || !isShown ? null
            : new Principal(id, granted, limit, Principal.NEVER, "none",
                new Principal.Terms(onExcess, isDisplay, quotas(section), isEdge(section)));
    }

    private static boolean isEdge(final ConfigSection key) {
        return key.choice("role", AuthConfig.Role.CLIENT, AuthConfig.Role.class) == AuthConfig.Role.EDGE;
    }

    /** Null if it has none of its own. */
    private static AuthConfig.Quotas quotas(final ConfigSection key) {
        if (!key.has("quotas")) {
            return null;
        }
        final ConfigSection section = key.section("quotas");
        return new AuthConfig.Quotas(section.integer("handshakes-per-second", -1, 0, MAX_QUOTA),
            section.integer("requests-per-second", -1, 0, MAX_QUOTA),
            section.integer("work-per-second", -1, 0, MAX_QUOTA),
            section.integer("subscriptions", -1, 0, MAX_QUOTA), section.integer("symbols", -1, 0, MAX_QUOTA));
    }

    private boolean checkHash(final ConfigSection section) {
        if (!takesKeys) {
            if (section.has("hash")) {
                section.problem("hash", "is of no use, because auth.mode is not keys; remove it, and name the "
                    + "certificate of the client");
            }
            return !section.has("hash");
        }
        final boolean isValid = hash(section) != null;
        if (!isValid && (section.has("hash") || !section.has("certificate"))) {
            section.problem("hash", "must be sha256: and 64 hexadecimal digits, as relay key new prints it; the key "
                + "itself does not belong here");
            return false;
        }
        return true;
    }

    /** The name goes into logs. */
    private boolean checkCertificate(final ConfigSection section) {
        if (!section.has("certificate")) {
            if (!takesKeys) {
                section.problem("certificate", "is missing; it is the common name in the certificate of the client");
            }
            return takesKeys;
        }
        final String problem = Principal.problemOfId(section.text("certificate", ""));
        if (problem != null) {
            section.problem("certificate", problem + "; it is the common name in the certificate of the client");
        }
        return problem == null;
    }

    private static String hash(final ConfigSection section) {
        final var hash = HASH.matcher(section.isText("hash") ? section.text("hash", "") : "");
        return hash.matches() ? hash.group(1).toLowerCase(Locale.ROOT) : null;
    }

    private Set<String> granted(final ConfigSection section) {
        if (!section.has("products") && (products.isDecidedElsewhere() || isEdge(section))) {
            return products.names();
        }
        if (!section.has("products")) {
            section.problem("products", "is missing; add a line: products = [" + String.join(", ", products.names())
                + "]");
        }
        final Set<String> granted = new HashSet<>();
        for (final String name : section.texts("products")) {
            if (!products.names().contains(name)) {
                section.problem("products", "the configuration has no product of this name: " + name + "; "
                    + Suggestion.remedy(name, products.names()));
            }
            granted.add(name);
        }
        return granted;
    }
}
