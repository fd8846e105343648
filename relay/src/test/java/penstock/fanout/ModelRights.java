package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import penstock.identity.Identity;
import penstock.testkit.ManualThread;

/** The rights of the one client of a model, and what it was notified of. Each product has a fifth of the symbols. */
final class ModelRights {
    private static final int PRODUCTS = 5;
    private static final String CLIENT = "c";

    private final ModelClients clients;
    private final Random random;
    private final boolean areChanging;
    private Set<String> products;
    /** By the last report. */
    private final Set<String> denied = new HashSet<>();
    private Set<String> shown;
    private int denials;

    /** {@code areChanging}: otherwise the client may see everything, always. */
    ModelRights(final ManualThread thread, final Shard shard, final Random random, final boolean areChanging) {
        this.random = random;
        this.areChanging = areChanging;
        clients = new ModelClients(thread, shard,
            IntStream.range(0, PRODUCTS).mapToObj(ModelRights::product).toArray(String[]::new));
        products = areChanging ? draw()
            : IntStream.range(0, PRODUCTS).mapToObj(i -> "p" + i).collect(Collectors.toSet());
        clients.client(CLIENT, products.toArray(String[]::new));
    }

    private static String product(final int i) {
        final int first = 2 * i;
        return "p" + i + "=A" + first + "* A" + (first + 1) + "* Z" + first + "* Z" + (first + 1) + "*";
    }

    Identity identity() {
        return clients.identity(CLIENT);
    }

    /** A session begins. A token may have been accepted of which the last one was not sent the answer. */
    void begin() {
        denied.clear();
        shown = null;
        products = identity().principal().products();
    }

    /** The client has other products, perhaps, from now on. */
    void grant() {
        if (areChanging && shown == null) {
            products = draw();
            clients.grant(CLIENT, products);
        }
    }

    /** A token with other products; null if there is to be none. */
    String newToken() {
        final Set<String> drawn = draw();
        if (!areChanging || shown != null || drawn.isEmpty()) {
            return null;
        }
        shown = drawn;
        return CLIENT + " " + String.join(" ", drawn);
    }

    /** The client has the products of the token. */
    void onTokenAnswered() {
        products = shown;
        shown = null;
    }

    boolean permits(final String symbol) {
        return products.contains("p" + (symbol.charAt(1) - '0') / 2);
    }

    /** The client was notified of a state; true if that is that it may not see the symbol. */
    boolean onState(final String symbol, final String state) {
        final boolean isDenied = state.equals("denied");
        if (isDenied) {
            assertThat(denied.add(symbol)).as(symbol + " was not denied before").isTrue();
            denials++;
        } else {
            denied.remove(symbol);
        }
        return isDenied;
    }

    boolean isDenied(final String symbol) {
        return denied.contains(symbol);
    }

    /** Symbols left the subscription. */
    void forget(final Predicate<String> symbols) {
        denied.removeIf(symbols);
    }

    int denials() {
        return denials;
    }

    private Set<String> draw() {
        final Set<String> drawn = new HashSet<>();
        for (int i = 0; i < PRODUCTS; i++) {
            if (random.nextInt(3) > 0) {
                drawn.add("p" + i);
            }
        }
        return drawn;
    }
}
