package penstock.identity;

import java.util.function.UnaryOperator;

/** Learns that keys changed, so that open sessions can be checked again. Called on the thread that reads them. */
@FunctionalInterface
public interface PrincipalListener {
    /**
     * Keys changed.
     *
     * @param current what a principal is now: the same object if nothing changed, another one if its products or its
     *                limit changed, null if its key was removed or replaced. Any thread may call it at any time.
     */
    void onChanged(UnaryOperator<Principal> current);
}
