import express from 'express';
import postgres from 'postgres';

/** The floor of the list: one handler, one statement, the same JSON. */
const sql = postgres(process.env['DATABASE_URL']!, { max: 10, onnotice: () => {} });
const app = express();

app.get('/readyz', (_request, response) => {
  response.json({ status: 'ready' });
});
app.post('/list', express.json(), async (_request, response) => {
  const rows = await sql`
    SELECT t.id, t.serial_number, t.enabled, t.expires_on::text AS expires_on, t.last_used_at, t.nickname, t.serial_key,
      u.id AS user_id, u.user_name, p.id AS profile_id, p.name AS profile_name,
      live.id IS NOT NULL AS has_live, provisional.id IS NOT NULL AS has_provisional, d.id IS NOT NULL AS has_pending
    FROM tokens t LEFT JOIN users u ON u.id = t.owner_id LEFT JOIN token_profiles p ON p.id = t.profile_id
    LEFT JOIN token_seeds live ON live.token_id = t.id AND live.state = 'LIVE'
    LEFT JOIN token_seeds provisional ON provisional.token_id = t.id AND provisional.state = 'PROVISIONAL'
    LEFT JOIN distributions d ON d.token_id = t.id AND d.state = 'PENDING'
    ORDER BY t.serial_key LIMIT 51`;
  const page = rows.slice(0, 50);
  const cursor = (row: postgres.Row | undefined) =>
    row && Buffer.from(String(row['serial_key'])).toString('base64url');
  const status = (row: postgres.Row) => {
    if (!row['enabled']) return 'DISABLED';
    if (!row['user_id']) return 'UNASSIGNED';
    if (row['has_live']) return 'ACTIVE';
    return row['has_pending'] || row['has_provisional'] ? 'PENDING' : 'ASSIGNED';
  };
  const nodes = page.map((row) => ({
    id: `Token_${row['id']}`,
    serialNumber: row['serial_number'],
    status: status(row),
    enabled: row['enabled'],
    expiresOn: row['expires_on'],
    lastUsedAt: row['last_used_at'],
    nickname: row['nickname'],
    assignedTo: row['user_id'] && { id: `User_${row['user_id']}`, userName: row['user_name'] },
    profile: row['profile_id'] && { id: `TokenProfile_${row['profile_id']}`, name: row['profile_name'] },
  }));
  const pageInfo = {
    hasNextPage: rows.length > 50,
    hasPreviousPage: false,
    startCursor: cursor(page[0]),
    endCursor: cursor(page.at(-1)),
  };
  response.json({ data: { tokens: { nodes, pageInfo } } });
});

app.listen(Number(process.env['PORT']), '127.0.0.1');
