/**
 * What the relay is compared with: {@link penstock.bench.floor.FloorServer}, the least that a fan-out in Java can cost,
 * and {@link penstock.bench.floor.NaiveRelay}, the cost of the obvious code. Both answer the same clients:
 * upgrade on any path, then everything, until a text frame names symbols in quotes ({@code ["FX0012","FX0013"]}), from
 * then on only those.
 */
package penstock.bench.floor;
