import { graphql } from '../../gql';
import type { QueueRequestFragment } from '../../gql/graphql';

graphql(`
  fragment QueueRequest on TokenRequest {
    id
    kind
    status
    reason
    createdAt
    expiresAt
    endedAt
    nickname
    deviceBinding
    deviceId
    replacementReason
    approvalSteps
    approvalsGiven
    distributionStep
    waitsFor
    failure
    mayDecide
    whyNot
    requester {
      id
      userName
      givenName
      familyName
    }
    profile {
      id
      name
      deviceDefinition {
        id
        deviceType
      }
    }
    replaces {
      id
      serialNumber
      status
    }
    token {
      id
      serialNumber
      status
    }
    decisions {
      step
      verb
      at
      comment
      note
      by {
        id
        userName
        givenName
        familyName
      }
    }
    hints {
      code
      message
      params {
        name
        value
      }
    }
  }
`);

/** A request as the queue knows it, in the list as beside it. */
export type QueueRequest = QueueRequestFragment;

export const QueueDocument = graphql(`
  query RequestQueue($first: Int, $after: String, $last: Int, $before: String, $filter: TokenRequestFilter) {
    tokenRequests(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes {
        ...QueueRequest
      }
      pageInfo {
        ...PageFacts
      }
    }
  }
`);
export const QueueRequestDocument = graphql(`
  query QueueRequest($id: ID!) {
    tokenRequest(id: $id) {
      ...QueueRequest
    }
  }
`);
export const QueueNewsDocument = graphql(`
  subscription QueueNews {
    tokenRequestsChanged {
      ...QueueRequest
    }
  }
`);
export const ApproveRequestDocument = graphql(`
  mutation ApproveRequest($requestId: ID!, $comment: String, $note: String, $step: Int) {
    approveTokenRequest(input: { requestId: $requestId, comment: $comment, note: $note, step: $step }) {
      ...Failure
      ... on ApproveTokenRequestSuccess {
        tokenRequest {
          ...QueueRequest
        }
      }
    }
  }
`);
export const RejectRequestDocument = graphql(`
  mutation RejectRequest($requestId: ID!, $comment: String, $note: String, $step: Int) {
    rejectTokenRequest(input: { requestId: $requestId, comment: $comment, note: $note, step: $step }) {
      ...Failure
      ... on RejectTokenRequestSuccess {
        tokenRequest {
          ...QueueRequest
        }
      }
    }
  }
`);
export const DeferRequestDocument = graphql(`
  mutation DeferRequest($requestId: ID!, $comment: String, $note: String, $step: Int) {
    deferTokenRequest(input: { requestId: $requestId, comment: $comment, note: $note, step: $step }) {
      ...Failure
      ... on DeferTokenRequestSuccess {
        tokenRequest {
          ...QueueRequest
        }
      }
    }
  }
`);
export const DistributeRequestDocument = graphql(`
  mutation DistributeRequest($requestId: ID!, $tokenId: ID, $comment: String, $note: String) {
    distributeTokenRequest(
      input: { requestId: $requestId, tokenId: $tokenId, comment: $comment, note: $note }
    ) {
      ...Failure
      ... on DistributeTokenRequestSuccess {
        tokenRequest {
          ...QueueRequest
        }
      }
    }
  }
`);
export const EditRequestDocument = graphql(`
  mutation EditRequest(
    $requestId: ID!
    $profileId: ID
    $nickname: String
    $deviceBinding: DeviceBinding
    $deviceId: String
  ) {
    editTokenRequest(
      input: {
        requestId: $requestId
        profileId: $profileId
        nickname: $nickname
        deviceBinding: $deviceBinding
        deviceId: $deviceId
      }
    ) {
      ...Failure
      ... on EditTokenRequestSuccess {
        tokenRequest {
          ...QueueRequest
        }
      }
    }
  }
`);
export const PreviewDecisionsDocument = graphql(`
  query PreviewDecisions($requestIds: [ID!]!, $verb: RequestVerb!) {
    previewRequestDecisions(requestIds: $requestIds, verb: $verb) {
      willDo
      tokensNeeded
      freeTokens
      generateTokens
      outcomes {
        ...Outcome
      }
    }
  }
  fragment Outcome on RequestOutcome {
    code
    message
    tokenRequest {
      ...QueueRequest
    }
  }
`);
export const DecideRequestsDocument = graphql(`
  mutation DecideRequests(
    $requestIds: [ID!]!
    $steps: [Int!]!
    $verb: RequestVerb!
    $comment: String
    $note: String
  ) {
    decideTokenRequests(
      input: { requestIds: $requestIds, steps: $steps, verb: $verb, comment: $comment, note: $note }
    ) {
      ...Failure
      ... on DecideTokenRequestsSuccess {
        outcomes {
          ...Outcome
        }
      }
    }
  }
`);
