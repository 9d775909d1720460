// SPDX-License-Identifier: GPL-2.0
#include "says.h"
typedef int (*op)(int); typedef op (*getter)(int, ...); struct ops { op a, b[2]; int (*c)(const struct ops *, op); void *priv; op *list; getter get; int (**pp)(int); void (*none)(void); };
static int inc(int x) { return x + 1; } static int dbl(int x) { return x * 2; } static int weird(s8 c, u16 h, bool b) { return c * 1000 + h + b; } static int call(const struct ops *o, op f) { return f ? f(3) : o->a(4); } static op get(int k, ...) { return k ? inc : dbl; } static void *opaque(void *p) { return p; } static int noargs() { return 77; }
static int (*table[])(int) = { inc, &dbl, *inc, **dbl, NULL }; static op second = dbl; static const struct ops ops = { inc, { dbl, inc }, call, (void *)inc, table, get, &table[1] }; static int (*const (*ptable)[5])(int) = (void *)&table; static struct { const char *n; op f; } named[] = { { "inc", inc }, { "dbl", dbl }, { } };
static noinline int run(op f, int n) { return n ? run(f, n - 1) + f(n) : (f == inc) + (f != dbl) * 2 + !f * 4; }
static noinline op choose(int k) { switch (k) { case 0: return inc; case 1: return &dbl; case 2: return ops.get(k); default: return k > 4 ? NULL : table[k]; } }
int tables_of_functions(void)
{
	const struct ops *o = &ops; struct ops copy = *o; op f = choose(2), g = 0; int (*w)(s8, u16, bool) = weird; int i; void *raw = inc; u64 (*cast)(u64) = (u64 (*)(u64))(void *)opaque; op local[2] = { [1] = o->a }, *pl = local; typeof(inc) *ti = dbl; int (*old)() = noargs; struct { op f; u8 k; } st = { dbl, 3 };
	for (i = 0; i < 6; i++) { g = choose(i); SHOW(g ? g(i) : -1); SHOW(!g); SHOW(g == inc); } for (i = 0; named[i].n; i++) printf("%s %d %d\n", named[i].n, named[i].f(i + 5), named[i].f == *table[i]); for (pl = table; *pl; pl++) SHOW((*pl)(10)); for (pl = table; *pl; ) SHOW((*pl++)(1));
	SHOW(run(inc, 3)); SHOW(run(*second, 2)); SHOW(o->b[1](5)); SHOW((*o->c)(o, NULL)); SHOW(o->c(o, o->list[1])); SHOW(((op)o->priv)(8)); SHOW(o->get(0, 1, "x")(9)); SHOW((**o->pp)(7)); SHOW((*ptable)[0](1)); SHOW(o->none == NULL); SHOW(copy.a == o->a && copy.get == get); copy.b[0] = f, copy.a = copy.b[1] = local[1]; SHOW(copy.a(copy.b[0](3))); SHOW(w(300, 70000, 256)); SHOW(w(-1, -1, 0)); SHOW(raw == (void *)inc); SHOW(cast(0x123456789a)); SHOW(local[0] ? 1 : 2); local[0] = raw; SHOW((*local)(5)); SHOW(ti(21)); SHOW(old()); SHOW(st.f(st.k)); SHOW((i ? inc : dbl)(5)); SHOW((f ?: inc)(5)); SHOW((0, dbl)(6)); SHOW(({ op t = inc; t; })(1)); SHOW((*(op *)&raw)(3)); SHOW(sizeof(op)); SHOW((long)table[0] == (long)inc); SHOW(table[0] < table[1] || table[1] < table[0]); SHOW(inc == *&inc && &inc == **inc); if (inc) SHOW(1); SHOW(f && g || !o->none); f = g = second; SHOW(f == g); second = NULL; SHOW(!second);
	return (*second ?: inc)(0);
}
