#!/usr/bin/env bash
# The same as provision.ts with curl and jq: makes a user, gives them a token by URL, and asks until it is on their phone.
#
#   SYMBOLON_URL=http://localhost:4000 SYMBOLON_KEY=symb_… ./provision.sh USER_NAME PROFILE
set -euo pipefail
: "${SYMBOLON_URL:=http://localhost:4000}" "${SYMBOLON_KEY:?is needed}"
[ $# -eq 2 ] || { echo "Usage: provision.sh USER_NAME PROFILE" >&2; exit 2; }
user_name=$1 profile_name=$2

# ask DOCUMENT [VARIABLES]: answers `data`. The key is given by a file, so that the list of processes does not show it.
ask() {
  local variables=${2:-'{}'}
  jq -n --arg query "$1" --argjson variables "$variables" '{$query, $variables}' |
    curl -sS -H @<(echo "Authorization: Bearer $SYMBOLON_KEY") -H 'Content-Type: application/json' \
      --data-binary @- "$SYMBOLON_URL/graphql" |
    jq -e 'if .errors then .errors[0].message | halt_error else .data end'
}

# act MUTATION FIELDS INPUT: one mutation; an expected failure comes as data, and ends this program.
act() {
  local type=${1^}
  ask "mutation (\$input: ${type}Input!) { result: $1(input: \$input) {
    ... on ${type}Success { $2 } ... on UserError { code message } } }" "$(jq -n --argjson input "$3" '{$input}')" |
    jq -e '.result | if .code then .message | halt_error else . end'
}

profiles=$(ask '{ tokenProfiles(first: 200) { nodes { id name deliveryMethod } } }')
profile_id=$(jq -er --arg name "$profile_name" <<<"$profiles" \
  '.tokenProfiles.nodes[] | select(.name == $name and .deliveryMethod == "CT_KIP_URL").id') ||
  { echo "There is no profile «$profile_name» that delivers by URL." >&2; exit 1; }

user=$(act createUser 'user { id } generatedPassword' \
  "$(jq -n --arg name "$user_name" '{userName: $name, givenName: $name, familyName: "Example"}')")
echo "User $user_name, first password $(jq -r .generatedPassword <<<"$user")"

token=$(act generateTokens 'tokens { id serialNumber }' \
  "$(jq -n --arg day "$(date -u -d '+365 days' +%F)" '{count: 1, algorithm: "SECURID", expiresOn: $day}')" |
  jq '.tokens[0]')
token_id=$(jq '.id' <<<"$token")
act assignTokens 'tokens { status }' "{\"userId\": $(jq '.user.id' <<<"$user"), \"tokenIds\": [$token_id]}" >/dev/null
distributed=$(act distributeToken 'distribution { activation { id } } activationCode ctKipUrl' \
  "$(jq -n --argjson tokenId "$token_id" --arg profileId "$profile_id" \
    '{$tokenId, $profileId, idempotencyKey: "provision \($tokenId)"}')")
echo "Token $(jq -r .serialNumber <<<"$token"): send the address and the code by two different ways"
jq -r '"URL \(.ctKipUrl)\nCode \(.activationCode)"' <<<"$distributed"

activation_id=$(jq '.distribution.activation' <<<"$distributed")
while :; do
  activation=$(ask 'query ($id: ID!) { activation(id: $id) { state device } }' "$activation_id" | jq .activation)
  state=$(jq -r .state <<<"$activation")
  [ "$state" = "${before:-}" ] || jq -r 'if .device then "\(.state) on \(.device)" else .state end' <<<"$activation"
  before=$state
  case $state in ACTIVATED | CONFIRMED) break ;; EXPIRED | CANCELLED) exit 1 ;; esac
  sleep 3
done
